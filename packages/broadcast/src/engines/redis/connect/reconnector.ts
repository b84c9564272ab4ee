import { setTimeout as pause } from "node:timers/promises";
import type { BroadcastError } from "../../../engine/broadcast-error.js";
import type { RedisAccess } from "./access.js";
import { backoff } from "./backoff.js";
import { downFailure } from "./failure.js";

/** Finds out where Redis is now, and returns an access that is not opened yet. */
export type Locate = (signal: AbortSignal) => Promise<RedisAccess>;

/** Is told what happens to the accesses. */
export interface ReconnectorEvents {
  /** Makes a new access ready for use. If this rejects, the access is given up. */
  opened(access: RedisAccess, isAgain: boolean): Promise<void>;
  /** An access that was ready is lost, and a new one is being opened. */
  lost(reason: string): void;
}

/** Keeps an access to Redis open: it opens one, and another one whenever it is lost. */
export class RedisReconnector {
  readonly #locate: Locate;
  readonly #events: ReconnectorEvents;
  readonly #closing = new AbortController();
  /** The newest access, which may still be opening. */
  #access: RedisAccess | undefined;

  constructor(locate: Locate, events: ReconnectorEvents) {
    this.#locate = locate;
    this.#events = events;
  }

  /**
   * Makes one attempt.
   *
   * @throws {BroadcastError} with the reason where it failed.
   */
  async open(isAgain: boolean): Promise<void> {
    const { signal } = this.#closing;
    const access = await this.#locate(signal);
    signal.throwIfAborted();
    this.#access = access;
    try {
      await access.open();
      await this.#events.opened(access, isAgain);
    } catch (error) {
      access.close(downFailure("given up"));
      throw error;
    }
    void access.lost.then((reason) => this.#lose(reason));
  }

  /** Closes everything for good, including an access that is being opened. */
  close(failure: BroadcastError): void {
    this.#closing.abort(failure);
    this.#access?.close(failure);
  }

  #lose(reason: string): void {
    this.#events.lost(reason);
    this.#reopen().catch(() => undefined);
  }

  /** Tries until an access is open. It rejects when this reconnector is closed. */
  async #reopen(): Promise<void> {
    for (let attempt = 0, isOpen = false; !isOpen; attempt++) {
      await pause(backoff(attempt), undefined, { signal: this.#closing.signal });
      isOpen = await this.open(true).then(
        () => true,
        () => false,
      );
    }
  }
}
