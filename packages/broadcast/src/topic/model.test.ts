import * as fc from "fast-check";
import { expect, test } from "vitest";
import { z } from "zod";
import { deliveries, FakeEngine, settled } from "../engine/engine.fixture.js";
import type { Position } from "../engine/engine.js";
import type { Gap } from "../receivers/gap.js";
import { createBroadcast } from "./broadcast.js";
import { connected } from "./connection.fixture.js";

/** What may happen to a topic: as a server and a network would have it. */
type Step =
  | { readonly kind: "publish"; readonly count: number }
  /** Published, and lost on the way to us. */
  | { readonly kind: "lose"; readonly count: number }
  /** What came last comes again. */
  | { readonly kind: "repeat"; readonly back: number }
  /** The numbers begin anew. */
  | { readonly kind: "epoch" }
  /** The engine is away while some are published; some come early, before it knows where the topic stands, or doesn't. */
  | {
      readonly kind: "away";
      readonly count: number;
      readonly early: number;
      readonly knows: boolean;
      readonly answers: boolean;
    }
  | { readonly kind: "stall"; readonly member: number }
  | { readonly kind: "open"; readonly member: number }
  | { readonly kind: "turn" };

const count = fc.integer({ min: 1, max: 4 });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("publish" as const), count }) },
  fc.record({ kind: fc.constant("lose" as const), count }),
  fc.record({ kind: fc.constant("repeat" as const), back: fc.nat(3) }),
  fc.record({ kind: fc.constant("epoch" as const) }),
  fc.record({
    kind: fc.constant("away" as const),
    count: fc.nat(4),
    early: fc.nat(2),
    knows: fc.boolean(),
    answers: fc.boolean(),
  }),
  fc.record({ kind: fc.constant("stall" as const), member: fc.nat(2) }),
  fc.record({ kind: fc.constant("open" as const), member: fc.nat(2) }),
  fc.record({ kind: fc.constant("turn" as const) }),
);

/** All that was ever published, and how it reached this process. */
class World {
  readonly engine: FakeEngine = new FakeEngine();
  /** Every position in order. */
  readonly published: Position[] = [];
  #epoch = 1;
  #sequence = 0;

  get head(): Position {
    return { epoch: `e${this.#epoch}`, sequence: this.#sequence };
  }

  publish(isHeard: boolean): void {
    this.#sequence += 1;
    this.published.push(this.head);
    if (isHeard) this.#tell(this.head);
  }

  repeat(back: number): void {
    const again = this.published.at(-1 - back);
    if (again !== undefined && this.#heard.has(textOf(again))) this.#tell(again);
  }

  newEpoch(): void {
    this.#epoch += 1;
    this.#sequence = 0;
  }

  readonly #heard = new Set<string>();

  #tell({ epoch, sequence }: Position): void {
    this.#heard.add(textOf({ epoch, sequence }));
    this.engine.listener.delivered("t", { epoch, sequence, payload: JSON.stringify([epoch, sequence]) });
  }

  /** The history: all of this epoch. */
  async past(
    { epoch, sequence }: Position,
    answers: boolean,
  ): Promise<Awaited<ReturnType<FakeEngine["past"]>>> {
    if (!answers || epoch !== this.head.epoch) return { recovered: false };
    const missed = deliveries(
      epoch,
      ...Array.from({ length: this.#sequence - sequence }, (_, at) => sequence + 1 + at),
    );
    return {
      recovered: true,
      deliveries: missed.map((delivery) => ({
        ...delivery,
        payload: JSON.stringify([epoch, delivery.sequence]),
      })),
    };
  }
}

const textOf = ({ epoch, sequence }: Position): string => `${epoch}:${sequence}`;

async function take(world: World, given: Step, members: readonly Member[]): Promise<void> {
  const { engine } = world;
  switch (given.kind) {
    case "publish":
    case "lose":
      for (let left = given.count; left > 0; left -= 1) world.publish(given.kind === "publish");
      break;
    case "repeat":
      world.repeat(given.back);
      break;
    case "epoch":
      world.newEpoch();
      break;
    case "away":
      engine.asking = (_, after) => world.past(after, given.answers);
      engine.listener.down("reset");
      for (let left = given.count; left > 0; left -= 1) world.publish(false);
      engine.listener.up();
      for (let left = given.early; left > 0; left -= 1) world.publish(true);
      engine.listener.resumed("t", given.knows && world.head.sequence > 0 ? world.head : undefined);
      await settled();
      break;
    case "stall":
      members[given.member]?.stall();
      break;
    case "open":
      members[given.member]?.open();
      break;
    case "turn":
      await settled();
  }
}

/** A member, and all that it saw: a position for a message, a gap for a gap. */
class Member {
  readonly seen: (string | Gap)[] = [];
  open: () => void = () => {};
  readonly #stall: () => () => void;

  constructor(stall: () => () => void) {
    this.#stall = stall;
  }

  stall(): void {
    this.open();
    this.open = this.#stall();
  }
}

/** What a member saw must be, in order, some of what was published, each once, with a gap wherever some are missing. */
function judge(published: readonly Position[], seen: readonly (string | Gap)[]): void {
  const order = published.map(textOf);
  let at = -1;
  let isTold = true;
  for (const one of seen) {
    if (typeof one !== "string") {
      isTold = true;
      continue;
    }
    const index = order.indexOf(one);
    expect(index).toBeGreaterThan(at);
    // The first is where it began.
    if (at >= 0 && index > at + 1) expect(isTold).toBe(true);
    at = index;
    isTold = false;
  }
}

test.each([
  ["without a history", undefined],
  ["with a history", { size: 100, ttl: 60_000 }],
])(
  "every member sees some of what was published, in order, each once, and is told of every hole: %s",
  async (_, history) => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const world = new World();
        await using broadcast = createBroadcast({ engine: world.engine });
        const topic = broadcast.topic("t", z.tuple([z.string(), z.number()]), { history });
        const members: Member[] = [];
        for (const overflow of ["drop-oldest", "drop-newest", "coalesce"] as const) {
          const { connection, socket } = await connected();
          const member = new Member(() => socket.stall());
          members.push(member);
          socket.sent.push = (text) => {
            const [epoch, sequence] = JSON.parse(text) as [string, number];
            return member.seen.push(textOf({ epoch, sequence }));
          };
          // Keys of their own: what is coalesced is no hole, and none is told.
          const key = overflow === "coalesce" ? { key: String } : {};
          topic.join(connection, { overflow, max: 3, ...key, onGap: (gap) => member.seen.push(gap) });
        }
        await settled();
        for (const given of steps) await take(world, given, members);
        for (const member of members) member.open();
        await settled();
        for (const { seen } of members) judge(world.published, seen);
      }),
      { numRuns: 150 },
    );
  },
  60_000,
);
