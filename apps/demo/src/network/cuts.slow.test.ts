import { type Engine, memory } from "@ws/broadcast";
import { nats } from "@ws/broadcast/nats";
import { redis } from "@ws/broadcast/redis";
import { describe, expect, onTestFinished, test } from "vitest";
import { type EngineName, startEngineServer } from "../engines/engine-server.js";
import { cutAtRandom, whole } from "./cuts.fixture.js";
import { World } from "./world.fixture.js";

/** How often, on each engine. */
const cuts = Number(process.env["CUTS"] ?? 1_000);

async function carrier(name: EngineName | "memory"): Promise<() => Engine> {
  if (name === "memory") return memory;
  const { close, url } = await startEngineServer(name);
  onTestFinished(close);
  return () => (name === "redis" ? redis({ url }) : nats({ servers: url }));
}

describe.each([
  ["memory", 1, 30],
  ["redis", 2, 30],
  // To come back here is three questions to JetStream, one behind the other: with less time between two cuts, little is published.
  ["nats", 2, 120],
] as const)("%s, %d processes", (name, processes, pause) => {
  test("each reconnect at a process in turn: nothing lost, nothing twice, no gap told, keyed requests answered and run once", async () => {
    const engine = await carrier(name);
    await using world = await World.start(engine, processes);
    const outcome = await cutAtRandom(world, cuts, { pause });
    process.stdout.write(`${name}: ${JSON.stringify(outcome)}\n`);
    expect(outcome).toMatchObject(whole);
    expect(outcome.answered).toBe(outcome.asked);
  }, 600_000);
});
