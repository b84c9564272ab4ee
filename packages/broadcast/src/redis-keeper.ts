import { setTimeout as pause } from "node:timers/promises";
import type { BroadcastError } from "./broadcast-error.js";
import { backoff } from "./redis-backoff.js";
import { downFailure } from "./redis-failure.js";
import { RedisLink } from "./redis-link.js";
import type { RedisSettings } from "./redis-options.js";

/** What becomes of the links. */
export interface KeeperEvents {
  /** Makes a new link ready for use; where this rejects, the link is given up. */
  opened(link: RedisLink, isAgain: boolean): Promise<void>;
  /** A link that was ready is lost; another is on its way. */
  lost(reason: string): void;
}

/** Keeps a link: opens it, and another one whenever it is lost. */
export class RedisKeeper {
  readonly #settings: RedisSettings;
  readonly #events: KeeperEvents;
  readonly #closing = new AbortController();
  /** The newest, which may still be opening. */
  #link: RedisLink | undefined;

  constructor(settings: RedisSettings, events: KeeperEvents) {
    this.#settings = settings;
    this.#events = events;
  }

  /**
   * One attempt.
   *
   * @throws {BroadcastError} why it failed.
   */
  async open(isAgain: boolean): Promise<void> {
    const link = new RedisLink(this.#settings);
    this.#link = link;
    try {
      await link.open();
      await this.#events.opened(link, isAgain);
    } catch (error) {
      link.close(downFailure("given up"));
      throw error;
    }
    void link.lost.then((reason) => this.#lose(reason));
  }

  /** Lets go of what there is, also of what is being opened, for ever. */
  close(failure: BroadcastError): void {
    this.#closing.abort();
    this.#link?.close(failure);
  }

  #lose(reason: string): void {
    this.#events.lost(reason);
    this.#reopen().catch(() => undefined);
  }

  /** Rejects when this keeper is closed. */
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
