import type { Engine } from "../engine/engine.js";
import type { EngineRecipe } from "./suite.fixture.js";

// A process of its own, run by the suite: it enters "bob" on a topic, says so by a line, and stays until it is killed.

const { module, make, options, topic } = JSON.parse(String(process.argv[2])) as EngineRecipe & {
  readonly topic: string;
};
const { [make]: makeEngine } = (await import(module)) as Record<string, (given: object) => Engine>;
const engine = makeEngine?.(options);
const ignore = (): void => {};
await engine?.start(
  { delivered: ignore, poisoned: ignore, resumed: ignore, heard: ignore, up: ignore, down: ignore },
  AbortSignal.timeout(10_000),
);
await engine?.enter(topic, "1", "bob");
process.stdout.write("entered\n");
setInterval(ignore, 60_000);
