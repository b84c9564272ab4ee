/** Gives one value after another: each is received, then read. Over at the first error; one that is an end is not thrown. */
export class Iteration<Source, T> implements AsyncIterableIterator<T> {
  readonly #receive: () => Promise<Source>;
  readonly #read: (source: Source) => T | Promise<T>;
  readonly #isEnd: (error: unknown) => boolean;
  #isOver = false;

  constructor(
    receive: () => Promise<Source>,
    read: (source: Source) => T | Promise<T>,
    isEnd: (error: unknown) => boolean,
  ) {
    this.#receive = receive;
    this.#read = read;
    this.#isEnd = isEnd;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** One promise for each value and no more: an async generator makes five. */
  next(): Promise<IteratorResult<T, undefined>> {
    return this.#isOver ? Promise.resolve(over) : this.#receive().then(this.#give, this.#fail);
  }

  return(): Promise<IteratorResult<T, undefined>> {
    this.#isOver = true;
    return Promise.resolve(over);
  }

  readonly #give = (source: Source): IteratorResult<T, undefined> | Promise<IteratorResult<T, undefined>> => {
    try {
      const value = this.#read(source);
      return value instanceof Promise ? value.then(item, this.#fail) : { done: false, value };
    } catch (error) {
      return this.#fail(error);
    }
  };

  readonly #fail = (error: unknown): IteratorResult<T, undefined> => {
    this.#isOver = true;
    if (this.#isEnd(error)) return over;
    throw error;
  };
}

const over = Object.freeze({ done: true, value: undefined });

function item<T>(value: T): IteratorYieldResult<T> {
  return { done: false, value };
}
