import type { ReceiveEvent } from "@ws/events";
import type { Incoming } from "./incoming.js";
import type { Reader } from "./message.js";

const over = Object.freeze({ done: true, value: undefined });

function item<T>(value: T): IteratorYieldResult<T> {
  return { done: false, value };
}

/** One message after another, each as `read` gives it. Over at the first error; the connection's end is not thrown. */
export class Iteration<T> implements AsyncIterableIterator<T> {
  readonly #incoming: Incoming;
  readonly #read: Reader<T>;
  readonly #signal: AbortSignal | undefined;
  #isOver = false;

  constructor(incoming: Incoming, read: Reader<T>, signal: AbortSignal | undefined) {
    this.#incoming = incoming;
    this.#read = read;
    this.#signal = signal;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** One promise for each message on top of the server's own: an async generator makes five. */
  next(): Promise<IteratorResult<T, undefined>> {
    if (this.#isOver) return Promise.resolve(over);
    return this.#incoming.afterConnect(this.#signal).then(this.#give, this.#fail);
  }

  return(): Promise<IteratorResult<T, undefined>> {
    return Promise.resolve(this.#end());
  }

  readonly #give = (
    event: ReceiveEvent,
  ): IteratorResult<T, undefined> | Promise<IteratorResult<T, undefined>> => {
    try {
      const message = this.#incoming.messageIn(event);
      if (message === undefined) return this.#end();
      const value = this.#read(message);
      return value instanceof Promise ? value.then(item, this.#fail) : { done: false, value };
    } catch (error) {
      return this.#fail(error);
    }
  };

  readonly #fail = (error: unknown): IteratorResult<T, undefined> => {
    this.#isOver = true;
    if (this.#incoming.isEnd(error)) return over;
    throw error;
  };

  #end(): IteratorReturnResult<undefined> {
    this.#isOver = true;
    return over;
  }
}
