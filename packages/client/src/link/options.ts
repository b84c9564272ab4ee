import type { Down } from "./state.js";
import type { WebSocketConstructor } from "./web-socket.js";

/** Where to connect: an address, or a function that is called for one before each attempt. */
export type Address = string | URL | (() => string | URL | Promise<string | URL>);

/** The address of a channel, made by `addressOf` of `@ws/client/address`. It is a string whose type names its channel. */
export type AddressOf<C> = string & { readonly "~channel"?: C };

/** How much may wait, unsent or for a reply, in total. */
export interface OutboxLimits {
  /** 1,024 by default. */
  readonly messages?: number | undefined;
  /** 1 MiB by default. */
  readonly bytes?: number | undefined;
}

/** The options of every client. Times are in ms. */
export interface LinkOptions {
  /** The class of sockets; `globalThis.WebSocket` by default. Node 20 has none: pass that of `ws`. */
  readonly WebSocket?: WebSocketConstructor | undefined;
  /** How long a message may wait and a request may take, from the call. 15,000 by default. */
  readonly timeout?: number | undefined;
  /** How long one attempt may take, from the call for the address to the server's first message. 10,000 by default. */
  readonly connectTimeout?: number | undefined;
  /** How much may wait for a connection. Above this limit calls reject with `ERR_WS_OUTBOX_FULL`. */
  readonly outbox?: OutboxLimits | undefined;
  /** How long to wait before an attempt, in place of the backoff and of what a close code adds to it. */
  retryDelay?(attempt: number, down: Down): number;
  /** Whether to connect again; `undefined` leaves the decision to the table of close codes. */
  retryOn?(down: Down): boolean | undefined;
  /** How often to try. */
  readonly retry?:
    | {
        /** How many attempts may fail in a row; without limit by default. */
        readonly attempts?: number | undefined;
      }
    | undefined;
  /** Closes the client when it is aborted. */
  readonly signal?: AbortSignal | undefined;
}

/** Options of one message. */
export interface PostOptions {
  /** Ends the wait: the call rejects with the signal's reason, and a message that still waits is not sent. */
  readonly signal?: AbortSignal | undefined;
  /** How long it may take from the call, in ms; by default the client's `timeout`. */
  readonly timeout?: number | undefined;
}
