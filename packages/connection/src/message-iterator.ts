import { type EventWaiter, type Inbox, type OnFailedCall, type ReceiveEvent, trackThen } from "@ws/events";
import { bytesOf, type Decode, payloadOf, textOf } from "./message.js";
import type { ReceiveState } from "./receive-state.js";

type Result<T> = IteratorResult<T, undefined>;

const over = Object.freeze({ done: true, value: undefined });

function item<T>(value: T): IteratorYieldResult<T> {
  return { done: false, value };
}

function ignore(): void {}

/** Whether decoding runs no code of the application, such as a schema. */
function isPlain(decode: unknown): boolean {
  return decode === payloadOf || decode === textOf || decode === bytesOf;
}

/**
 * Iterates over messages and decodes each of them. It ends with the first error, and without an error where the connection
 * has ended.
 */
export class MessageIterator<T> implements AsyncIterableIterator<T>, EventWaiter {
  readonly #received: ReceiveState;
  readonly #decode: Decode<T>;
  readonly #signal: AbortSignal | undefined;
  readonly #onFailedCall: OnFailedCall | undefined;
  /** Whether a `for await` loop iterates. Such a loop handles every promise that it is given. */
  #isLooped: boolean;
  /**
   * The promise of the message for which the loop waits, and the functions that settle it when the server gives the event.
   */
  #awaited: Promise<unknown> | undefined;
  #resolve: ((result: Result<T> | Promise<Result<T>>) => void) | undefined;
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

  /** Called by `for await`. */
  [Symbol.asyncIterator](): this {
    this.#isLooped = true;
    return this;
  }

  /**
   * A loop is given a plain promise, because a promise that knows whether it was handled costs as much again. Where nothing
   * stands between us and the server, it is the only promise for a message.
   */
  next(): Promise<Result<T>> {
    if (this.#isOver) return Promise.resolve(over);
    const received = this.#received;
    const isLoops = this.#isLooped && this.#awaited === undefined && received.isAnswered;
    if (!isLoops) return this.#nextByHand();
    const inbox = this.#signal === undefined ? received.inbox : undefined;
    const event = inbox?.take();
    if (event !== undefined) return this.#settled(event);
    // A schema must not run on the server's stack, on which an event is given. Such a loop therefore waits by a promise.
    if (inbox !== undefined && isPlain(this.#decode)) return this.#wait(inbox);
    const promise = received.afterConnect(this.#signal).then(
      (next) => this.#outcome(next),
      (error: unknown) => this.#failLoop(error),
    );
    this.#awaited = promise;
    return promise;
  }

  return(): Promise<Result<T>> {
    return Promise.resolve(this.#end());
  }

  /** The message for which the loop waits has come. */
  give(event: ReceiveEvent): void {
    const resolve = this.#resolve;
    this.#resolve = undefined;
    resolve?.(this.#outcome(event));
  }

  #nextByHand(): Promise<Result<T>> {
    const event = this.#received.afterConnect(this.#signal);
    const read = (next: ReceiveEvent): Result<T> | Promise<Result<T>> => this.#read(next);
    return trackThen(event, read, "next", this.#onFailedCall, (error) => this.#fail(error));
  }

  #wait(inbox: Inbox): Promise<Result<T>> {
    const promise = new Promise<Result<T>>((resolve) => {
      this.#resolve = resolve;
    });
    this.#awaited = promise;
    inbox.wait(this);
    return promise;
  }

  #settled(event: ReceiveEvent): Promise<Result<T>> {
    const outcome = this.#outcome(event);
    if (!(outcome instanceof Promise)) return Promise.resolve(outcome);
    this.#awaited = outcome;
    return outcome;
  }

  #outcome(event: ReceiveEvent): Result<T> | Promise<Result<T>> {
    try {
      const result = this.#read(event);
      if (result instanceof Promise) return this.#later(result);
      this.#awaited = undefined;
      return result;
    } catch (error) {
      return this.#failLoop(error);
    }
  }

  #later(reading: Promise<Result<T>>): Promise<Result<T>> {
    const done = (result: Result<T>): Result<T> => {
      this.#awaited = undefined;
      return result;
    };
    return reading.then(done, (error: unknown) => this.#failLoop(error));
  }

  #read(event: ReceiveEvent): Result<T> | Promise<Result<T>> {
    const message = this.#received.messageIn(event);
    if (message === undefined) return this.#end();
    const value = this.#decode(message);
    return value instanceof Promise ? value.then(item) : { done: false, value };
  }

  /** Somebody may also have called `next` directly without awaiting it, and that must not end the process. */
  #failLoop(error: unknown): Result<T> | Promise<never> {
    const awaited = this.#awaited;
    this.#awaited = undefined;
    this.#isOver = true;
    if (this.#received.isEnd(error)) return over;
    const rejection = Promise.reject<never>(error);
    if (this.#onFailedCall === undefined) return rejection;
    awaited?.catch(ignore);
    rejection.catch(ignore);
    return rejection;
  }

  #fail(error: unknown): Result<T> {
    this.#isOver = true;
    if (this.#received.isEnd(error)) return over;
    throw error;
  }

  #end(): IteratorReturnResult<undefined> {
    this.#isOver = true;
    return over;
  }
}
