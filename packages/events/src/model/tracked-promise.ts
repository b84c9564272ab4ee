import { ConnectionClosed } from "../errors/connection-closed.js";

/** A promise of ours that was rejected, as the host is told of it. */
export interface FailedCall {
  readonly error: unknown;
  /** The call that returned the promise, such as `sendText`. */
  readonly call: string;
  /** Whether somebody has awaited the promise, or called its `then`, until now. */
  readonly isTaken: boolean;
}

/**
 * Tells the host of every rejection at the moment when it happens. Code that is going to await the promise has done so a
 * turn of the event loop later, and then `isTaken` says whether anybody did.
 */
export type OnFailedCall = (failed: FailedCall) => void;

/**
 * The promise of a message that the socket took at once. A server always returns this same promise, so that code which
 * passes it on knows without waiting that the send has succeeded.
 */
export const sentAtOnce: Promise<void> = Promise.resolve();

const nativeThen = Promise.prototype.then;
/** The errors with which our promises were rejected. In a chain, any other error comes from the application. */
const ourErrors: WeakSet<WeakKey> = new WeakSet();

function ignore(): void {}

/**
 * A promise that knows whether anybody handles it. If nobody handles its rejection, the host does; otherwise it would be an
 * unhandled rejection, which ends the process and every other connection with it.
 */
class TrackedPromise<T> extends Promise<T> implements FailedCall {
  declare error: unknown;
  declare call: string;
  declare isTaken: boolean;
  declare onFailedCall: OnFailedCall | undefined;

  /** `await` reads this, and uses the promise itself if the result is the platform's class. ECMA-262 §27.2.4.7.1. */
  override get ["constructor"](): PromiseConstructor {
    this.isTaken = true;
    return Promise;
  }

  /** A chain without a rejection handler is as untaken at its end as the promise was. */
  // biome-ignore lint/suspicious/noThenProperty: this is a promise, and it has to know who listens.
  override then<A = T, B = never>(
    onFulfilled?: ((value: T) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    this.isTaken = true;
    const next = super.then(onFulfilled, onRejected);
    return typeof onRejected === "function" ? next : chain(next, this);
  }

  override finally(onFinally?: (() => void) | null): Promise<T> {
    return chain(super.finally(onFinally), this);
  }

  /** Tells the host of the rejection that is about to happen, and returns the error. */
  fail<E>(error: E): E {
    if (Object(error) === error) ourErrors.add(error as WeakKey);
    // Without a host the rejection is an ordinary one, except that the end of a connection is never reported.
    if (this.onFailedCall === undefined && !(error instanceof ConnectionClosed)) return error;
    const { isTaken } = this;
    nativeThen.call(this, undefined, ignore);
    // The line above has set it, and not the caller.
    this.isTaken = isTaken;
    this.error = error;
    if (!isTaken) this.onFailedCall?.(this);
    return error;
  }
}

/**
 * Makes the result of listening to a tracked promise a tracked promise as well. An error of the application in the chain
 * stays an ordinary error.
 */
function chain<N>(next: Promise<N>, { call, onFailedCall }: TrackedPromise<unknown>): Promise<N> {
  const rethrow = (error: unknown): never => {
    throw ourErrors.has(error as WeakKey) ? chained.fail(error) : error;
  };
  const chained = track(next.then(undefined, rethrow), call, onFailedCall);
  return chained;
}

/**
 * Makes a tracked promise of a native one that nobody else has yet.
 *
 * It changes the prototype, because each connection holds such a promise while it waits for a message: an executor and its
 * two functions would almost double what that one costs in memory. Decision 0021 has the figures.
 */
function track<T>(
  promise: Promise<T>,
  call: string,
  onFailedCall: OnFailedCall | undefined,
): TrackedPromise<T> {
  const tracked: TrackedPromise<T> = Object.setPrototypeOf(promise, TrackedPromise.prototype);
  tracked.isTaken = false;
  tracked.call = call;
  tracked.onFailedCall = onFailedCall;
  return tracked;
}

/** Recognizes a tracked promise by its shape, so that those of another copy of this package count as well. */
function isTracked(value: object | undefined): boolean {
  return typeof (value as Partial<FailedCall> | undefined)?.isTaken === "boolean";
}

function rethrow(error: unknown): never {
  throw error;
}

/**
 * The result of `read` for the outcome of `source`, or of `recover` for its error, as a tracked promise. Where no host is
 * given, the host of `source` is told.
 */
export function trackThen<S, T>(
  source: Promise<S>,
  read: (value: S) => T | Promise<T>,
  call: string,
  onFailedCall: OnFailedCall | undefined,
  recover: (error: unknown) => T = rethrow,
): Promise<T> {
  const failed = (error: unknown): T => {
    try {
      return recover(error);
    } catch (reason) {
      throw promise.fail(reason);
    }
  };
  const done = (value: S): T | Promise<T> => {
    try {
      const result = read(value);
      return result instanceof Promise ? result.catch(failed) : result;
    } catch (error) {
      return failed(error);
    }
  };
  const host = onFailedCall ?? (source as Partial<TrackedPromise<S>> | undefined)?.onFailedCall;
  // A middleware without types may return something that is no promise.
  const promise = track(Promise.resolve(source).then(done, failed), call, host);
  return promise;
}

function same<T>(value: T): T {
  return value;
}

/**
 * The outcome of `source` as a tracked promise of the call `call`. A promise that is tracked already only gets the name of
 * the call, and one that is known to be fulfilled is returned unchanged.
 */
export function trackPromise<T>(
  source: Promise<T>,
  call: string,
  onFailedCall: OnFailedCall | undefined,
): Promise<T> {
  if ((source as unknown) === sentAtOnce) return source;
  if (!isTracked(source)) return trackThen(source, same, call, onFailedCall);
  (source as TrackedPromise<T>).call = call;
  return source;
}

/** A tracked promise that is rejected with `error`. */
export function trackedRejection(
  error: unknown,
  call: string,
  onFailedCall: OnFailedCall | undefined,
): Promise<never> {
  const promise = track(Promise.reject<never>(error), call, onFailedCall);
  promise.fail(error);
  return promise;
}
