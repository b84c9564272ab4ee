import type { JsonLimits } from "./json.js";
import type { HeadersInput } from "./response.js";

/** How to wait. */
export interface WaitOptions {
  /** Gives up waiting: the call rejects with the signal's reason, and the next call gets the message. */
  readonly signal?: AbortSignal | undefined;
}

/** How to wait for JSON. */
export interface JsonOptions extends WaitOptions, JsonLimits {}

/** What to answer the handshake with, beside its own. */
export interface AcceptOptions {
  /** One that the client offered; none by default. */
  readonly subprotocol?: string | undefined;
  readonly headers?: HeadersInput | undefined;
}
