/** What a store says of a key. */
export type Claim =
  /** It is ours: the request is to be run, and then `settle` or `release` called. */
  | { readonly kind: "run" }
  /** It was run: this was its reply. */
  | { readonly kind: "done"; readonly fingerprint: string; readonly reply: string }
  /** It is being run. `reply` resolves with what it is answered with, or with `undefined` where it was released. */
  | { readonly kind: "running"; readonly fingerprint: string; readonly reply: Promise<string | undefined> };

/**
 * Keeps the replies of requests that have an idempotency key, so that one that is sent again is answered and not run again.
 * `memoryReplies()` keeps them in this process; one that keeps them where all processes see them makes keys hold for all.
 */
export interface ReplyStore {
  /**
   * Takes the key, where nobody has it. `fingerprint` stands for the request's method and input: it comes back with what was
   * kept, and tells whether it is the same request.
   */
  claim(key: string, fingerprint: string): Claim | Promise<Claim>;
  /** The request was run: `reply` is kept for a while. */
  settle(key: string, reply: string): void | Promise<void>;
  /** The request came to nothing, and may be run again. */
  release(key: string): void | Promise<void>;
}
