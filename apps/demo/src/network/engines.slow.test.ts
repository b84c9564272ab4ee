import { setTimeout as pause } from "node:timers/promises";
import type { Gap } from "@ws/client";
import { expect, onTestFinished, test } from "vitest";
import { describeEngines } from "../engines/engine-programs.fixture.js";
import { FrailEngine } from "./frail-engine.fixture.js";
import { lostSilently } from "./gaps.fixture.js";
import { joined } from "./observe.fixture.js";
import { World } from "./world.fixture.js";

const patience = { timeout: 90_000 };

/** A world on a frail engine, one client of it, what that is told, and which numbers the engine took. */
async function publishing(engine: FrailEngine) {
  const world = await World.start(() => engine.engine(), 2);
  const client = world.client({ retryDelay: () => Math.random() * 40 });
  const told: (number | Gap)[] = [];
  client.subscribe("numbers", { onMessage: ({ n }) => told.push(n), onGap: (gap) => told.push(gap) });
  await joined(client);
  const taken: number[] = [];
  let isOver = false;
  onTestFinished(() => {
    isOver = true;
  });
  const all: Promise<unknown>[] = [];
  const loop = (async () => {
    while (!isOver) {
      const done = world.publish();
      const n = world.published;
      // What the engine did not take is for whoever published it to know.
      all.push(done.then(() => taken.push(n)).catch(() => {}));
      await pause(10);
    }
  })();
  return {
    world,
    told,
    taken,
    /** Ends the publishing, with one last number that shows that all are through. */
    async end(): Promise<void> {
      isOver = true;
      await loop;
      await Promise.all(all);
      await expect
        .poll(async () => {
          await world.publish().catch(() => {});
          return told.at(-1);
        }, patience)
        .toBe(world.published);
    },
  };
}

describeEngines(
  (name) => `${name}, while numbers are published and the client is cut off`,
  (name) => {
    test.each(["hangs", "is killed and comes back"])(
      "it %s: nothing that it took is lost without a word, nothing comes twice",
      async (how) => {
        const engine = await FrailEngine.start(name);
        const run = await publishing(engine);
        await using world = run.world;
        await pause(500);
        if (how === "hangs") engine.hang();
        else await engine.kill();
        await pause(1_000);
        world.proxy.harm("reset");
        await pause(2_000);
        if (how === "hangs") engine.goOn();
        else await engine.restart();
        await pause(1_000);
        world.proxy.harm("end");
        await pause(1_000);
        await run.end();
        const numbers = run.told.filter((each) => typeof each === "number");
        process.stdout.write(
          `${name} ${how}: ${JSON.stringify({ published: world.published, taken: run.taken.length, came: numbers.length, gaps: run.told.filter((each) => typeof each !== "number") })}\n`,
        );
        expect(lostSilently(run.told, run.taken)).toEqual([]);
        expect(new Set(numbers).size).toBe(numbers.length);
      },
      300_000,
    );
  },
);
