import { setTimeout as pause } from "node:timers/promises";
import { addressText, mappedAddress, type NodeAddress } from "./address.js";
import { backoff } from "./backoff.js";
import { dialAddress } from "./client.js";
import { RedisConnection } from "./connection.js";
import { downFailure } from "./failure.js";
import { RedisLink } from "./link.js";
import type { RedisPlace, RedisSettings } from "./options.js";
import type { Locate } from "./reconnector.js";

type SentinelPlace = Extract<RedisPlace, { readonly kind: "sentinel" }>;

/** The channel on which sentinels report that a primary has moved: `name old-host old-port new-host new-port`. */
const switches = "+switch-master";

const finished = downFailure("no longer needed");
const ignore = (): void => {};

/** How long the other sentinels may take after one has answered, in ms, because some of them hear late of a failover. */
const others = 100;

/** The primary, and the epoch of the sentinels' configuration. A later epoch is newer, whichever sentinel reports it. */
interface Primary {
  readonly address: NodeAddress;
  readonly epoch: number;
}

/** What the sentinels know of the primary. */
class Sentinels {
  readonly #place: SentinelPlace;
  readonly #settings: RedisSettings;

  constructor(place: SentinelPlace, settings: RedisSettings) {
    this.#place = place;
    this.#settings = settings;
  }

  /**
   * The address of the primary, by the newest of the sentinels' answers.
   *
   * @throws {BroadcastError} where none of them knows it.
   */
  async primary(signal: AbortSignal): Promise<Primary> {
    const asking = new AbortController();
    const signals = AbortSignal.any([signal, asking.signal]);
    const { nodes, name } = this.#place;
    const answers: Primary[] = [];
    const ask = async (node: NodeAddress): Promise<void> => {
      answers.push(await this.#with(node, signals, (sentinel) => this.#ask(sentinel)));
    };
    try {
      const all = nodes.map(ask);
      await Promise.any(all);
      await Promise.race([Promise.allSettled(all), pause(others, undefined, { ref: false })]);
      return answers.reduce((newest, answer) => (answer.epoch > newest.epoch ? answer : newest));
    } catch (error) {
      const reasons = (error as AggregateError).errors.map(({ message }: Error) => message);
      throw downFailure(`no sentinel says where ${name} is: ${[...new Set(reasons)].join("; ")}`);
    } finally {
      asking.abort();
    }
  }

  /**
   * Gives the link up when a sentinel says that the primary is another one, and passes that one to `moved`. It ends with the
   * link. All sentinels are listened to, because at first only the one that leads a failover knows of it.
   */
  watch(link: RedisLink, primary: Primary, moved: (primary: Primary) => void): void {
    const is = addressText(primary.address);
    const lose = (next: Primary): void => {
      const now = addressText(next.address);
      if (now === is || link.isOver) return;
      moved(next);
      link.lose(`the primary is ${now} now, the sentinels say`);
    };
    for (const node of this.#place.nodes) void this.#watch(node, link, primary, lose);
  }

  async #watch(
    node: NodeAddress,
    { ended }: RedisLink,
    primary: Primary,
    lose: (next: Primary) => void,
  ): Promise<void> {
    for (let attempt = 0; !ended.aborted; attempt += 1) {
      const listen = (sentinel: RedisConnection, lost: Promise<void>): Promise<void> =>
        this.#listen(sentinel, primary, lose, lost);
      await this.#with(node, ended, listen).catch(ignore);
      await pause(backoff(attempt), undefined, { signal: ended, ref: false }).catch(ignore);
    }
  }

  /** Resolves when the sentinel is lost. */
  async #listen(
    sentinel: RedisConnection,
    primary: Primary,
    lose: (next: Primary) => void,
    lost: Promise<void>,
  ): Promise<void> {
    await sentinel.subscribe(switches, (message) => {
      const [name, , , host = "", port] = message.split(" ");
      // The message does not contain the epoch, which is at least the next one. A still later one is noticed when the new
      // link is watched.
      if (name === this.#place.name)
        lose({ address: { host, port: Number(port) }, epoch: primary.epoch + 1 });
    });
    // The primary may have moved before anybody listened.
    const now = await this.#ask(sentinel);
    if (now.epoch > primary.epoch) lose(now);
    await lost;
  }

  async #ask(sentinel: RedisConnection): Promise<Primary> {
    const reply = await sentinel.command(["SENTINEL", "MASTER", this.#place.name]);
    const { ip = "", port, "config-epoch": epoch } = reply as Readonly<Record<string, string>>;
    return { address: { host: ip, port: Number(port) }, epoch: Number(epoch) };
  }

  /**
   * Does something over a connection to one sentinel. The connection is closed afterwards, or when the signal is aborted.
   */
  async #with<T>(
    node: NodeAddress,
    signal: AbortSignal,
    work: (sentinel: RedisConnection, lost: Promise<void>) => Promise<T>,
  ): Promise<T> {
    let lose: (reason?: string) => void = ignore;
    const lost = new Promise<void>((resolve) => {
      lose = () => resolve();
    });
    const dial = dialAddress(node, this.#place.access);
    const sentinel = new RedisConnection(dial, this.#settings, { lost: lose });
    const close = (): void => {
      sentinel.close(finished);
      lose();
    };
    signal.addEventListener("abort", close, { once: true });
    try {
      signal.throwIfAborted();
      await sentinel.open();
      return await work(sentinel, lost);
    } finally {
      signal.removeEventListener("abort", close);
      sentinel.close(finished);
    }
  }
}

/** Finds the primary that sentinels watch, and gives the link to it up when they say that it is another one. */
export function locateBySentinels(place: SentinelPlace, settings: RedisSettings): Locate {
  const sentinels = new Sentinels(place, settings);
  let told: Primary | undefined;
  return async (signal) => {
    // If a sentinel has just named the new primary, they are not asked again: that would take as long as everything else.
    const primary = told ?? (await sentinels.primary(signal));
    told = undefined;
    const dial = dialAddress(mappedAddress(primary.address, settings.nodeAddressMap), settings.access);
    const link = new RedisLink(dial, settings);
    sentinels.watch(link, primary, (next) => {
      told = next;
    });
    return link;
  };
}
