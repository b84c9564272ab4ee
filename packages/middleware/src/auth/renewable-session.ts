import type { AuthExtension } from "@ws/events";
import type { AuthSession } from "./auth-session.js";

/** What a session needs to be renewed. */
export interface RenewalParts<User> {
  /** The user of a token and when it expires; `undefined` for an unknown token. */
  readonly verify: (token: string) => Promise<AuthSession<User> | undefined>;
  readonly isSameUser: (one: User, other: User) => boolean;
  /** Called with the user of the new token. */
  readonly onRenewed: (user: User) => void;
  /** Called with the reason when the session ends. */
  readonly onEnd: (reason: string) => void;
}

/**
 * The session of one connection, which continues with a new token of the same user. It is the extension `websocket.auth`.
 */
export class RenewableSession<User> implements AuthExtension {
  readonly #parts: RenewalParts<User>;
  #session: AuthSession<User>;
  #stop: () => void;
  #isOver = false;

  constructor(session: AuthSession<User>, parts: RenewalParts<User>) {
    this.#parts = parts;
    this.#session = session;
    this.#stop = this.#watch();
  }

  get user(): User {
    return this.#session.user;
  }

  get expiresAt(): number {
    return this.#session.expiresAt;
  }

  async renew(token: string): Promise<boolean> {
    const session = await this.#parts.verify(token);
    if (session === undefined || this.#isOver || session.hasEnded) return false;
    if (!this.#parts.isSameUser(this.user, session.user)) return false;
    this.#stop();
    this.#session = session;
    this.#stop = this.#watch();
    this.#parts.onRenewed(session.user);
    return true;
  }

  /** Stops everything, because the connection has ended. */
  end(): void {
    this.#isOver = true;
    this.#stop();
  }

  #watch(): () => void {
    return this.#session.watch((reason) => {
      this.#isOver = true;
      this.#parts.onEnd(reason);
    });
  }
}

/** Compares users by their `id` or `sub`, where they have one; otherwise by their JSON. */
export function isSameUser(one: unknown, other: unknown): boolean {
  return nameOf(one) === nameOf(other);
}

function nameOf(user: unknown): string | undefined {
  // A string has a method called `sub`, so only objects are looked into.
  if (typeof user !== "object") return JSON.stringify(user);
  const { id, sub } = { ...user } as { readonly id?: unknown; readonly sub?: unknown };
  return JSON.stringify(id ?? sub ?? user);
}
