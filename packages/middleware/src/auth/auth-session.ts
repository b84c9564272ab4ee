import { maxTimerDelay } from "@ws/events";
import { onAbort } from "../platform/abort-listeners.js";

/** How long a user stays signed in; without either option as long as the connection lasts. */
export interface AuthSessionOptions {
  /** When the token expires, in ms since 1970 as in `Date.now()`: the `exp` of a JWT times 1,000. */
  readonly expiresAt?: number | undefined;
  /** A signal that is aborted when the session ends elsewhere, for example by a logout. */
  readonly revoked?: AbortSignal | undefined;
}

/** What `verify` may return in place of a user, where a connection must not outlive the token or the session. */
export class AuthSession<User> {
  readonly user: User;
  /** When it expires, in ms since 1970; Infinity for never. */
  readonly expiresAt: number;
  readonly #revoked: AbortSignal | undefined;

  /** @throws {TypeError} for a time that is no number. */
  constructor(user: User, { expiresAt = Number.POSITIVE_INFINITY, revoked }: AuthSessionOptions = {}) {
    if (typeof expiresAt !== "number" || Number.isNaN(expiresAt)) {
      throw new TypeError(
        `AuthSession: expected expiresAt in ms since 1970, got ${String(expiresAt).slice(0, 64)}`,
      );
    }
    this.user = user;
    this.expiresAt = expiresAt;
    this.#revoked = revoked;
  }

  get hasEnded(): boolean {
    return this.#revoked?.aborted === true || this.expiresAt <= Date.now();
  }

  /**
   * Calls `onEnd` with the reason when the session ends; a session that expires is watched for 24 days at most. It returns
   * the function that ends the watch.
   */
  watch(onEnd: (reason: string) => void): () => void {
    const revoked = this.#revoked;
    const end = (reason: string): void => {
      stop();
      onEnd(reason);
    };
    const left = this.expiresAt - Date.now();
    const timer =
      left === Number.POSITIVE_INFINITY
        ? undefined
        : setTimeout(end, Math.min(left, maxTimerDelay), "token expired");
    const forget = revoked && onAbort(revoked, () => end("session revoked"));
    const stop = (): void => {
      clearTimeout(timer);
      forget?.();
    };
    return stop;
  }
}
