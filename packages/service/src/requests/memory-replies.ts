import type { Claim, ReplyStore } from "./reply-store.js";

/** How many replies are kept, and for how long. */
export interface MemoryRepliesOptions {
  /** The most replies; 10,000 by default. */
  readonly max?: number | undefined;
  /** The most characters of all replies together; 16,777,216 by default. */
  readonly maxSize?: number | undefined;
  /** How long a reply is kept, in ms; 300,000 by default. */
  readonly ttl?: number | undefined;
}

interface Running {
  readonly fingerprint: string;
  readonly reply: Promise<string | undefined>;
  readonly end: (reply: string | undefined) => void;
}

interface Done {
  readonly fingerprint: string;
  readonly reply: string;
  readonly expires: number;
}

/**
 * A store of replies in this process. Above its bounds the oldest replies are forgotten, but never a request that still
 * runs.
 */
class MemoryReplies implements ReplyStore {
  readonly #max: number;
  readonly #maxSize: number;
  readonly #ttl: number;
  readonly #running = new Map<string, Running>();
  /** The replies in the order in which their requests ended. */
  readonly #done = new Map<string, Done>();
  #size = 0;

  constructor({ max = 10_000, maxSize = 16_777_216, ttl = 300_000 }: MemoryRepliesOptions) {
    this.#max = max;
    this.#maxSize = maxSize;
    this.#ttl = ttl;
  }

  claim(key: string, fingerprint: string): Claim {
    this.#forget();
    const done = this.#done.get(key);
    if (done !== undefined) return { kind: "done", fingerprint: done.fingerprint, reply: done.reply };
    const running = this.#running.get(key);
    if (running !== undefined)
      return { kind: "running", fingerprint: running.fingerprint, reply: running.reply };
    let end!: Running["end"];
    const reply = new Promise<string | undefined>((resolve) => {
      end = resolve;
    });
    this.#running.set(key, { fingerprint, reply, end });
    return { kind: "run" };
  }

  settle(key: string, reply: string): void {
    const running = this.#end(key, reply);
    if (running === undefined) return;
    this.#done.set(key, { fingerprint: running.fingerprint, reply, expires: performance.now() + this.#ttl });
    this.#size += reply.length;
    this.#forget();
  }

  release(key: string): void {
    this.#end(key, undefined);
  }

  #end(key: string, reply: string | undefined): Running | undefined {
    const running = this.#running.get(key);
    this.#running.delete(key);
    running?.end(reply);
    return running;
  }

  #forget(): void {
    const now = performance.now();
    for (const [key, { expires, reply }] of this.#done) {
      if (expires > now && this.#done.size <= this.#max && this.#size <= this.#maxSize) return;
      this.#done.delete(key);
      this.#size -= reply.length;
    }
  }
}

/** Makes a store of replies in this process. Several channels may share one. */
export function memoryReplies(options: MemoryRepliesOptions = {}): ReplyStore {
  return new MemoryReplies(options);
}
