import type { ConnectionClosed, Extensions } from "@ws/events";

/** The `websocket.disconnect` extension; its signal is made when somebody asks for it. */
export class Disconnect {
  #controller: AbortController | undefined;
  #error: ConnectionClosed | undefined;

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#error !== undefined) this.#controller.abort(this.#error);
    }
    return this.#controller.signal;
  }

  end(error: ConnectionClosed): void {
    this.#error = error;
    this.#controller?.abort(error);
  }
}

/** The same for every connection. */
const response = Object.freeze({});

/** What this server can do beyond the plain events. */
export function webSocketExtensions(
  id: string,
  disconnect: Disconnect,
  draining: { readonly signal: AbortSignal },
): Extensions {
  return {
    "websocket.http.response": response,
    "websocket.disconnect": disconnect,
    "websocket.draining": draining,
    "websocket.connection": { id },
  };
}
