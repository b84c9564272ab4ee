import type { JsonLimits } from "@ws/contract/validation";
import type { HeadersInput } from "./response.js";

/** Options for waiting. */
export interface WaitOptions {
  /** Ends the wait: the call rejects with the signal's reason, and the next call gets the message. */
  readonly signal?: AbortSignal | undefined;
}

/** Options for waiting for JSON. */
export interface JsonOptions extends WaitOptions, JsonLimits {}

/** Options for the answer to the handshake. */
export interface AcceptOptions {
  /** A subprotocol that the client offered; none by default. */
  readonly subprotocol?: string | undefined;
  /** Headers of the answer beside those of the handshake itself, for example a cookie. */
  readonly headers?: HeadersInput | undefined;
}
