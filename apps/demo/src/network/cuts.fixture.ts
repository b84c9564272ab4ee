import { type Client, type Gap, GapError } from "@ws/client";
import { expect } from "vitest";
import type { numbers, World } from "./world.fixture.js";

/** What a run of cuts came to. */
export interface Outcome {
  readonly cuts: number;
  readonly published: number;
  readonly received: number;
  /** What was told of each, so that a run that fails says more than how many. */
  readonly gaps: readonly Gap[];
  readonly twice: number;
  readonly lost: number;
  readonly asked: number;
  readonly answered: number;
  readonly ranTwice: number;
  readonly unsettled: number;
  /** How long it took from a cut until the client was back, in ms. */
  readonly back: { readonly p50: number; readonly p99: number };
}

/** One client that takes all numbers and asks all the time. */
class Reader {
  readonly received: number[] = [];
  readonly gaps: Gap[] = [];
  asked = 0;
  answered = 0;
  settled = 0;
  readonly back: number[] = [];
  readonly client: Client<typeof numbers>;
  readonly #subscription;

  constructor(world: World) {
    this.client = world.client({ retryDelay: () => Math.random() * 40 });
    this.#subscription = this.client.subscribe("numbers");
    let lostAt = 0;
    this.client.onState(({ phase }) => {
      if (phase === "waiting") lostAt ||= performance.now();
      if (phase !== "open" || !lostAt) return;
      this.back.push(performance.now() - lostAt);
      lostAt = 0;
    });
  }

  get joined(): Promise<unknown> {
    return this.#subscription.joined;
  }

  async read(): Promise<void> {
    for (;;) {
      try {
        for await (const { n } of this.#subscription) this.received.push(n);
        return;
      } catch (error) {
        if (!(error instanceof GapError)) throw error;
        this.gaps.push(error.gap);
      }
    }
  }

  ask(n: number): void {
    this.asked += 1;
    this.client
      .request("count", { n }, { key: `key-${n}`, timeout: 60_000 })
      .then(({ n: same }) => {
        if (same === n) this.answered += 1;
      })
      .catch(() => {})
      .finally(() => {
        this.settled += 1;
      });
  }
}

const at = (sorted: readonly number[], part: number): number =>
  Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0);

/** Cuts all connections so many times, at random moments up to `pause` ms apart, while numbers are published and requests made; then counts. */
export async function cutAtRandom(
  world: World,
  cuts: number,
  { readers = 3, pause = 30 }: { readonly readers?: number; readonly pause?: number } = {},
): Promise<Outcome> {
  const all = Array.from({ length: readers }, () => new Reader(world));
  await Promise.all(all.map(({ joined }) => joined));
  const reading = all.map((reader) => reader.read());
  let isOver = false;
  let asked = 0;
  const publishing = (async () => {
    while (!isOver) {
      await world.publish();
      asked += 1;
      all[asked % readers]?.ask(asked);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  })();
  for (let cut = 0; cut < cuts; cut += 1) {
    await new Promise((resolve) => setTimeout(resolve, 5 + Math.random() * pause));
    world.proxy.harm(cut % 3 === 0 ? "end" : "reset");
  }
  isOver = true;
  await publishing;
  const patience = { timeout: 60_000 };
  await expect
    .poll(() => all.map(({ received }) => received.at(-1)), patience)
    .toEqual(all.map(() => world.published));
  await expect.poll(() => all.reduce((sum, { settled }) => sum + settled, 0), patience).toBe(asked);
  for (const { client } of all) client.close();
  await Promise.all(reading);
  const back = all.flatMap((reader) => reader.back).sort((a, b) => a - b);
  const sum = (count: (reader: Reader) => number): number =>
    all.reduce((total, each) => total + count(each), 0);
  return {
    cuts,
    published: world.published,
    received: sum(({ received }) => received.length),
    gaps: all.flatMap(({ gaps }) => gaps),
    twice: sum(({ received }) => received.length - new Set(received).size),
    lost: sum(({ received }) => world.published - new Set(received).size),
    asked,
    answered: sum(({ answered }) => answered),
    ranTwice: [...world.ran.values()].filter((times) => times > 1).length,
    unsettled: sum((reader) => reader.asked - reader.settled),
    back: { p50: at(back, 0.5), p99: at(back, 0.99) },
  };
}

/** Nothing lost, nothing twice, no gap told where nothing was missed, everything settled, keyed requests run once. */
export const whole = { gaps: [], twice: 0, lost: 0, ranTwice: 0, unsettled: 0 };
