/** What a store says about a key. */
export type Claim =
  /** The key is ours: the request must be run, and then `settle` or `release` must be called. */
  | { readonly kind: "run" }
  /** The request has run, and this was its reply. */
  | { readonly kind: "done"; readonly fingerprint: string; readonly reply: string }
  /** The request is running. `reply` resolves with its reply, or with `undefined` where it was released. */
  | { readonly kind: "running"; readonly fingerprint: string; readonly reply: Promise<string | undefined> };

/**
 * Keeps the replies of requests that have an idempotency key, so that a request that is sent again is answered and not run
 * again. `memoryReplies()` keeps them in this process; with a store that all processes share, keys are valid in all of them.
 */
export interface ReplyStore {
  /**
   * Takes the key, if nobody has it. `fingerprint` is a hash of the request's method and input. It is returned together with
   * what was kept, and shows whether it is the same request.
   */
  claim(key: string, fingerprint: string): Claim | Promise<Claim>;
  /** The request has run: `reply` is kept for a while. */
  settle(key: string, reply: string): void | Promise<void>;
  /** The request has no result, and may be run again. */
  release(key: string): void | Promise<void>;
}
