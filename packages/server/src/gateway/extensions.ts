import { setMaxListeners } from "node:events";
import type { ConnectionExtension, DrainingExtension, Extensions } from "@ws/events";
import type { CloseState } from "../session/close-state.js";

/**
 * The `websocket.disconnect` extension. Its signal is made when somebody asks for it, because most connections never need
 * it; decision 0021 has the figures.
 */
export class Disconnect {
  #controller: AbortController | undefined;
  #end: CloseState | undefined;

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      // Any number of listeners is legitimate, so Node must not warn of a leak.
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
  /** How many promises are still awaited. */
  #left = 0;
  #kept: Promise<void> | undefined;
  #letGo: (() => void) | undefined;

  constructor(signal: AbortSignal) {
    this.signal = signal;
  }

  /** Resolves when the application lets the connection go; `undefined` where it has not asked for time. It never rejects. */
  get kept(): Promise<void> | undefined {
    return this.#kept;
  }

  waitUntil(promise: Promise<unknown>): void {
    this.#left += 1;
    this.#kept ??= new Promise((resolve) => {
      this.#letGo = resolve;
    });
    // The promises are counted and not chained, because an application may ask for time with each message, and a chain would
    // keep all of them in memory.
    const settled = (): void => {
      this.#left -= 1;
      if (this.#left > 0) return;
      this.#letGo?.();
      this.#kept = undefined;
    };
    Promise.resolve(promise).then(settled, settled);
  }
}

/** The value is the same for every connection. */
const response = Object.freeze({});

/**
 * The extensions that this server offers. Without `canDeny` there is no denial response, because the handshake has already
 * been answered.
 */
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
