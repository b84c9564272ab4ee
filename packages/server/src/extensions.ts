import type { Extensions } from "@ws/events";
import type { End } from "./end.js";

/** The `websocket.disconnect` extension; its signal is made when somebody asks for it. */
export class Disconnect {
  #controller: AbortController | undefined;
  #end: End | undefined;

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#end !== undefined) this.#controller.abort(this.#end.error);
    }
    return this.#controller.signal;
  }

  end(end: End): void {
    this.#end = end;
    this.#controller?.abort(end.error);
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
