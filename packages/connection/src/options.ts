import type { JsonLimits } from "@ws/contract/validation";
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
  /** Headers of the answer, beside those of the handshake itself: a cookie, for instance. */
  readonly headers?: HeadersInput | undefined;
}
