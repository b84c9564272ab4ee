import { type OnFailedCall, type ReceiveEvent, trackThen } from "@ws/events";
import type { Decode } from "./message.js";
import type { ReceiveState } from "./receive-state.js";

const over = Object.freeze({ done: true, value: undefined });

function item<T>(value: T): IteratorYieldResult<T> {
  return { done: false, value };
}

/** Iterates over messages, decoding each. It ends at the first error, and without one where the connection has ended. */
export class MessageIterator<T> implements AsyncIterableIterator<T> {
  readonly #received: ReceiveState;
  readonly #decode: Decode<T>;
  readonly #signal: AbortSignal | undefined;
  readonly #onFailedCall: OnFailedCall | undefined;
  /** Whether a `for await` asks for the messages: it takes every promise that it is given. */
  #isLooped: boolean;
  /** The promise of the message that the loop waits for. */
  #awaited: Promise<unknown> | undefined;
  #isOver = false;

  constructor(
    received: ReceiveState,
    decode: Decode<T>,
    signal: AbortSignal | undefined,
    onFailedCall?: OnFailedCall,
    isLooped = false,
  ) {
    this.#received = received;
    this.#decode = decode;
    this.#signal = signal;
    this.#onFailedCall = onFailedCall;
    this.#isLooped = isLooped;
  }

  /** Asked for by `for await`. */
  [Symbol.asyncIterator](): this {
    this.#isLooped = true;
    return this;
  }

  /**
   * One promise for each message on top of the server's own: an async generator makes five. That of a loop is the
   * platform's, for one that knows whether anybody took it costs as much again.
   */
  next(): Promise<IteratorResult<T, undefined>> {
    if (this.#isOver) return Promise.resolve(over);
    const event = this.#received.afterConnect(this.#signal);
    if (!this.#isLooped || this.#awaited !== undefined || !this.#received.isAnswered) {
      return trackThen(event, this.#toResult, "next", this.#onFailedCall, this.#fail);
    }
    const promise = event.then(this.#toLoopResult, this.#failLoop);
    this.#awaited = promise;
    return promise;
  }

  return(): Promise<IteratorResult<T, undefined>> {
    return Promise.resolve(this.#end());
  }

  readonly #toResult = (
    event: ReceiveEvent,
  ): IteratorResult<T, undefined> | Promise<IteratorResult<T, undefined>> => {
    const message = this.#received.messageIn(event);
    if (message === undefined) return this.#end();
    const value = this.#decode(message);
    return value instanceof Promise ? value.then(item) : { done: false, value };
  };

  readonly #toLoopResult = (
    event: ReceiveEvent,
  ): IteratorResult<T, undefined> | Promise<IteratorResult<T, undefined>> => {
    try {
      const result = this.#toResult(event);
      if (result instanceof Promise) return result.then(this.#forget, this.#failLoop);
      this.#awaited = undefined;
      return result;
    } catch (error) {
      return this.#failLoop(error);
    }
  };

  readonly #forget = (result: IteratorResult<T, undefined>): IteratorResult<T, undefined> => {
    this.#awaited = undefined;
    return result;
  };

  /** Somebody may yet have asked by hand, and not awaited it: that must not end the process. */
  readonly #failLoop = (error: unknown): IteratorResult<T, undefined> => {
    if (this.#onFailedCall !== undefined) this.#awaited?.catch(() => {});
    this.#awaited = undefined;
    return this.#fail(error);
  };

  readonly #fail = (error: unknown): IteratorResult<T, undefined> => {
    this.#isOver = true;
    if (this.#received.isEnd(error)) return over;
    throw error;
  };

  #end(): IteratorReturnResult<undefined> {
    this.#isOver = true;
    return over;
  }
}
