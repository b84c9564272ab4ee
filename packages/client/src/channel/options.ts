import type { joinBinary, splitBinary } from "@ws/contract/wire";
import type { LinkOptions } from "../link/options.js";

/** What a token is asked for with. */
export interface TokenContext {
  /** Whether the last one was rejected, so that a new one has to be had. */
  readonly rejected: boolean;
  /** Aborted where nobody waits for it any more. */
  readonly signal: AbortSignal;
}

export interface ClientOptions extends LinkOptions {
  /** The token of an attempt, which is sent as the subprotocol `bearer.<token>`; `null` where the user is signed out. */
  token?(context: TokenContext): string | null | Promise<string | null>;
  /** After so many ms without a message the server is asked for a sign of life. 25,000 by default. */
  readonly pingInterval?: number | undefined;
  /** How messages of bytes travel: `bytes` of `@ws/client/bytes`, where the contract has such. */
  readonly bytes?: { readonly join: typeof joinBinary; readonly split: typeof splitBinary } | undefined;
}
