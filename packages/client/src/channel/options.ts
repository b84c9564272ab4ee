import type { joinBinary, splitBinary } from "@ws/contract/wire";
import type { LinkOptions } from "../link/options.js";

/** What `token` is told. */
export interface TokenContext {
  /** Whether the last token was rejected, so that a new one is needed. */
  readonly rejected: boolean;
  /** A signal that is aborted when the token is no longer needed. */
  readonly signal: AbortSignal;
}

export interface ClientOptions extends LinkOptions {
  /** The token of an attempt, which is sent as the subprotocol `bearer.<token>`; `null` where the user is signed out. */
  token?(context: TokenContext): string | null | Promise<string | null>;
  /** After how many ms without a message the server is asked for a sign of life. 25,000 by default. */
  readonly pingInterval?: number | undefined;
  /** How messages of bytes are sent: `bytes` of `@ws/client/bytes`, where the contract has such messages. */
  readonly bytes?: { readonly join: typeof joinBinary; readonly split: typeof splitBinary } | undefined;
}
