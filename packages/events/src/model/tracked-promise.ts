import { ConnectionClosed } from "../errors/connection-closed.js";

/** A promise of ours that was rejected, as its host is told of it. */
export interface FailedCall {
  readonly error: unknown;
  /** The call that gave the promise, as `sendText`. */
  readonly call: string;
  /** Whether somebody has awaited the promise, or listened to it by `then`, up to now. */
  readonly isTaken: boolean;
}

/**
 * A host's side of it: is told of every rejection at the moment it happens. Whoever is going to await the promise has
 * done so a turn of the event loop later, and then `isTaken` says whether anybody did.
 */
export type OnFailedCall = (failed: FailedCall) => void;

/**
 * The promise of a message that the socket took at once. A server gives this same one each time, so that whoever passes
 * it on knows, without waiting, that there is nothing left to watch.
 */
export const sentAtOnce: Promise<void> = Promise.resolve();

const nativeThen = Promise.prototype.then;
/** What promises of ours were rejected with: in a chain, an error that is not among them is the application's own. */
const ourErrors: WeakSet<WeakKey> = new WeakSet();

function ignore(): void {}

/**
 * A promise that knows whether anybody took it. That nobody takes its rejection is its host's to handle, and no
 * unhandled rejection, which would end the process and with it every other connection.
 */
class TrackedPromise<T> extends Promise<T> implements FailedCall {
  declare error: unknown;
  declare call: string;
  declare isTaken: boolean;
  declare onFailedCall: OnFailedCall | undefined;

  /** `await` asks for it, and goes on with the promise itself where the answer is the platform's class. ECMA-262 §27.2.4.7.1. */
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

  /** Tells the host of the rejection that is about to happen, and gives the error back. */
  fail<E>(error: E): E {
    if (Object(error) === error) ourErrors.add(error as WeakKey);
    // A host that has no ear for it is left with an ordinary rejection; a connection that ended is nobody's mistake.
    if (this.onFailedCall === undefined && !(error instanceof ConnectionClosed)) return error;
    const { isTaken } = this;
    nativeThen.call(this, undefined, ignore);
    // That was not the caller.
    this.isTaken = isTaken;
    this.error = error;
    if (!isTaken) this.onFailedCall?.(this);
    return error;
  }
}

/** What came of listening to one of ours, as ours too; an error of the application's in it stays the application's. */
function chain<N>(next: Promise<N>, { call, onFailedCall }: TrackedPromise<unknown>): Promise<N> {
  const rethrow = (error: unknown): never => {
    throw ourErrors.has(error as WeakKey) ? chained.fail(error) : error;
  };
  const chained = track(next.then(undefined, rethrow), call, onFailedCall);
  return chained;
}

/**
 * Makes a native promise, which nobody else has yet, one of ours.
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

/** By its shape: where two copies of this package are loaded, those of the other are ours too. */
function isTracked(value: object | undefined): boolean {
  return typeof (value as Partial<FailedCall> | undefined)?.isTaken === "boolean";
}

function rethrow(error: unknown): never {
  throw error;
}

/**
 * What `read` makes of the outcome of `source`, or `recover` of its error, as a promise of ours; where no host is given,
 * that of `source` is told.
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
  // A middleware without types may give no promise at all.
  const promise = track(Promise.resolve(source).then(done, failed), call, host);
  return promise;
}

function same<T>(value: T): T {
  return value;
}

/**
 * The outcome of `source` as a promise of ours that `call` gave. One that is ours already is only named anew; one that
 * is known to be fulfilled is given back.
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

/** A promise of ours that is rejected with `error`. */
export function trackedRejection(
  error: unknown,
  call: string,
  onFailedCall: OnFailedCall | undefined,
): Promise<never> {
  const promise = track(Promise.reject<never>(error), call, onFailedCall);
  promise.fail(error);
  return promise;
}
