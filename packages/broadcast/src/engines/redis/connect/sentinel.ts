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

/** Where sentinels say that a primary has moved: `name old-host old-port new-host new-port`. */
const switches = "+switch-master";

const finished = downFailure("no longer needed");
const ignore = (): void => {};

/** How long the other sentinels may take once one has answered, in ms: some of them hear late of a failover. */
const others = 100;

/** Where the primary is, and in which epoch of their configuration: a later one is newer, whoever says so. */
interface Primary {
  readonly address: NodeAddress;
  readonly epoch: number;
}

/** What sentinels know of the primary. */
class Sentinels {
  readonly #place: SentinelPlace;
  readonly #settings: RedisSettings;

  constructor(place: SentinelPlace, settings: RedisSettings) {
    this.#place = place;
    this.#settings = settings;
  }

  /**
   * Where the primary is: what is newest of what the sentinels say.
   *
   * @throws {BroadcastError} where none of them says so.
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
   * Gives up the link when a sentinel says that the primary is another one, which `moved` is told; until the link has ended.
   * All of them are listened to, as only the one that leads a failover knows of it at once.
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
      // The epoch is not said: it is a later one, and a later one yet is heard of when the new link is watched.
      if (name === this.#place.name)
        lose({ address: { host, port: Number(port) }, epoch: primary.epoch + 1 });
    });
    // It may have moved before anybody listened.
    const now = await this.#ask(sentinel);
    if (now.epoch > primary.epoch) lose(now);
    await lost;
  }

  async #ask(sentinel: RedisConnection): Promise<Primary> {
    const reply = await sentinel.command(["SENTINEL", "MASTER", this.#place.name]);
    const { ip = "", port, "config-epoch": epoch } = reply as Readonly<Record<string, string>>;
    return { address: { host: ip, port: Number(port) }, epoch: Number(epoch) };
  }

  /** Has something done over a connection to one sentinel, which is closed then, or when the signal is aborted. */
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

/** Finds the primary that sentinels watch, and gives up the link to it when they say that it is another one. */
export function locateBySentinels(place: SentinelPlace, settings: RedisSettings): Locate {
  const sentinels = new Sentinels(place, settings);
  let told: Primary | undefined;
  return async (signal) => {
    // Whoever has just been told where it is now need not ask: that would cost as long as all the rest.
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
