import type { Receive, ReceiveEvent } from "@ws/events";

/** Someone who waits for the next event. */
interface Waiter {
  readonly take: (event: ReceiveEvent) => void;
  readonly fail: (error: unknown) => void;
}

/**
 * Lets a caller give up waiting without losing the event that then arrives: it goes to whoever asks next, and the
 * order stays that of the calls.
 */
export class Inbox {
  readonly #receive: Receive;
  /** Those who wait through this inbox, first come first served. */
  readonly #waiters: Waiter[] = [];
  /** Events whose caller gave up; as many at most as waited at the same time. */
  readonly #unclaimed: ReceiveEvent[] = [];
  /** Calls of `receive` under way on behalf of waiters, also of those who gave up. */
  #asked = 0;

  constructor(receive: Receive) {
    this.#receive = receive;
  }

  /** The next event; rejects with the signal's reason when it is aborted first. */
  next(signal?: AbortSignal): Promise<ReceiveEvent> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    const left = this.#unclaimed.shift();
    if (left !== undefined) return Promise.resolve(left);
    if (signal === undefined && this.#asked === 0) return this.#receive();
    return this.#wait(signal);
  }

  #wait(signal: AbortSignal | undefined): Promise<ReceiveEvent> {
    return new Promise((resolve, reject) => {
      const giveUp = (): void => {
        this.#waiters.splice(this.#waiters.indexOf(waiter), 1);
        reject(signal?.reason);
      };
      const waiter: Waiter = {
        take: (event) => {
          signal?.removeEventListener("abort", giveUp);
          resolve(event);
        },
        fail: (error) => {
          signal?.removeEventListener("abort", giveUp);
          reject(error);
        },
      };
      signal?.addEventListener("abort", giveUp, { once: true });
      this.#waiters.push(waiter);
      if (this.#asked < this.#waiters.length) this.#ask();
    });
  }

  #ask(): void {
    this.#asked += 1;
    this.#receive().then(
      (event) => {
        this.#asked -= 1;
        const waiter = this.#waiters.shift();
        if (waiter === undefined) this.#unclaimed.push(event);
        else waiter.take(event);
      },
      (error: unknown) => {
        this.#asked -= 1;
        this.#waiters.shift()?.fail(error);
      },
    );
  }
}
