import { setMaxListeners } from "node:events";
import type { ConnectionExtension, DrainingExtension, Extensions } from "@ws/events";
import type { CloseState } from "../session/close-state.js";

/** The `websocket.disconnect` extension; its signal is made when somebody asks for it. */
export class Disconnect {
  #controller: AbortController | undefined;
  #end: CloseState | undefined;

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      // Whoever works for a connection may listen to its end, however many they are: that is no leak.
      setMaxListeners(0, this.#controller.signal);
      if (this.#end !== undefined) this.#controller.abort(this.#end.error);
    }
    return this.#controller.signal;
  }

  end(end: CloseState): void {
    this.#end = end;
    this.#controller?.abort(end.error);
  }
}

/** The `websocket.draining` extension of one connection. */
export class Draining implements DrainingExtension {
  readonly signal: AbortSignal;
  /** How many promises are waited for. */
  #left = 0;
  #kept: Promise<void> | undefined;
  #letGo: (() => void) | undefined;

  constructor(signal: AbortSignal) {
    this.signal = signal;
  }

  /** Resolves when the application lets the connection go; `undefined` where it asks for no time. It never rejects. */
  get kept(): Promise<void> | undefined {
    return this.#kept;
  }

  waitUntil(promise: Promise<unknown>): void {
    this.#left += 1;
    this.#kept ??= new Promise((resolve) => {
      this.#letGo = resolve;
    });
    // It counts, because an application may ask for time with each message: promises that are chained would all be held.
    const settled = (): void => {
      this.#left -= 1;
      if (this.#left > 0) return;
      this.#letGo?.();
      this.#kept = undefined;
    };
    Promise.resolve(promise).then(settled, settled);
  }
}

/** The same for every connection. */
const response = Object.freeze({});

/** What this server can do beyond the plain events; without `canDeny` the handshake has its answer already. */
export function webSocketExtensions(
  connection: ConnectionExtension,
  disconnect: Disconnect,
  draining: DrainingExtension,
  canDeny = true,
): Extensions {
  return {
    "websocket.http.response": canDeny ? response : undefined,
    "websocket.disconnect": disconnect,
    "websocket.draining": draining,
    "websocket.connection": connection,
  };
}
