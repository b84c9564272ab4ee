import type { Receive, ReceiveEvent } from "@ws/events";

/** A caller that waits for the next event. */
interface Waiter {
  readonly take: (event: ReceiveEvent) => void;
  readonly fail: (error: unknown) => void;
}

/**
 * A `receive` whose callers may stop waiting. The event that then arrives is not lost: the next call takes it, and events
 * are given to calls in order.
 */
export class CancellableReceive {
  readonly #receive: Receive;
  /** The calls that wait, the oldest first. */
  readonly #waiters: Waiter[] = [];
  /** Events whose callers stopped waiting. There are at most as many as calls that waited at the same time. */
  readonly #unclaimed: ReceiveEvent[] = [];
  /** How many calls of the server's `receive` are pending. */
  #asked = 0;

  constructor(receive: Receive) {
    this.#receive = receive;
  }

  /** The next event. It rejects with the signal's reason when the signal is aborted first. */
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
