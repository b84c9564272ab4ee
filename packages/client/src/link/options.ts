import type { Down } from "./state.js";
import type { WebSocketConstructor } from "./web-socket.js";

/** Where to connect to: an address, or a function that is asked for one before each attempt. */
export type Address = string | URL | (() => string | URL | Promise<string | URL>);

/** The address of a channel, made by `addressOf` of `@ws/client/address`. It is a text, of which the compiler knows whose it is. */
export type AddressOf<C> = string & { readonly "~channel"?: C };

/** What may wait to be sent and for replies, together. */
export interface OutboxLimits {
  /** 1,024 by default. */
  readonly messages?: number | undefined;
  /** 1 MiB by default. */
  readonly bytes?: number | undefined;
}

/** What every client takes, whatever it speaks. Times are in ms. */
export interface LinkOptions {
  /** `globalThis.WebSocket` by default; Node 20 has none: pass that of `ws`. */
  readonly WebSocket?: WebSocketConstructor | undefined;
  /** How long a message may wait, and a request take, from the call. 15,000 by default. */
  readonly timeout?: number | undefined;
  /** How long one attempt may take, from the address to the server's first word. 10,000 by default. */
  readonly connectTimeout?: number | undefined;
  /** How much may wait for a connection. Above it `ERR_WS_OUTBOX_FULL`. */
  readonly outbox?: OutboxLimits | undefined;
  /** How long to wait before an attempt, in place of the backoff and all that a close code adds to it. */
  retryDelay?(attempt: number, down: Down): number;
  /** Whether to connect again; `undefined` leaves it to the table of close codes. */
  retryOn?(down: Down): boolean | undefined;
  /** How often to try. */
  readonly retry?:
    | {
        /** How many attempts may fail in a row. No limit by default. */
        readonly attempts?: number | undefined;
      }
    | undefined;
  /** Closes the client. */
  readonly signal?: AbortSignal | undefined;
}

/** What one message may be sent with. */
export interface PostOptions {
  /** Gives up: the call rejects with the signal's reason, and what still waits is not sent. */
  readonly signal?: AbortSignal | undefined;
  /** In ms, from the call; what the client has by default. */
  readonly timeout?: number | undefined;
}
