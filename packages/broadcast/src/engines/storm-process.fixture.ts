import { setTimeout as pause } from "node:timers/promises";
import type { EngineRecipe } from "../conformance/suite.fixture.js";
import type { Engine } from "../engine/engine.js";

// A process of its own, run by the storm tests: it publishes without a rest while its server is stopped, killed and
// started again, and says by a line of JSON what became of it. Whatever is thrown where nobody can catch it is counted.

const { module, make, options } = JSON.parse(String(process.argv[2])) as EngineRecipe;
const uncaught: string[] = [];
process.on("uncaughtException", (error) => uncaught.push(String(error?.stack ?? error)));
process.on("unhandledRejection", (error) => uncaught.push(String((error as Error)?.stack ?? error)));

const { [make]: makeEngine } = (await import(module)) as Record<string, (given: object) => Engine>;
const engine = makeEngine?.(options) as Engine;
const ignore = (): void => {};
const counts = { resolved: 0, rejected: 0, downs: 0, ups: 0 };
const listener = {
  delivered: ignore,
  poisoned: ignore,
  resumed: ignore,
  heard: ignore,
  up: () => void counts.ups++,
  down: () => void counts.downs++,
};
await engine.start(listener, AbortSignal.timeout(10_000));
const histories = [undefined, { size: 10, ttl: 60_000 }];
for (const [index, history] of histories.entries()) {
  await engine.subscribe(`t${index}`, history, AbortSignal.timeout(10_000)).catch(ignore);
}
await engine.enter("t0", "1", "ann").catch(ignore);

let isOver = false;
process.stdin.on("data", () => {
  isOver = true;
});
process.stdout.write("ready\n");
let turn = 0;
const underWay: Promise<void>[] = [];
while (!isOver) {
  for (const [index, history] of histories.entries()) {
    for (let left = 5; left > 0; left -= 1) {
      const publishing = engine.publish(`t${index}`, String(turn), history, AbortSignal.timeout(5_000));
      const counted = publishing.then(
        () => void counts.resolved++,
        () => void counts.rejected++,
      );
      underWay.push(counted);
    }
  }
  turn += 1;
  if (turn % 50 === 0) engine.members("t0", AbortSignal.timeout(2_000)).catch(ignore);
  if (turn % 70 === 0) {
    await engine.unsubscribe("t1").catch(ignore);
    engine.subscribe("t1", histories[1], AbortSignal.timeout(2_000)).catch(ignore);
  }
  await pause(1);
}
await Promise.all(underWay);
await engine.close();
process.stdout.write(`${JSON.stringify({ ...counts, uncaught })}\n`, () => process.exit(0));
