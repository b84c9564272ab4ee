import { memory } from "@ws/broadcast";
import { describe, expect, test } from "vitest";
import { collected, joined, phase } from "./observe.fixture.js";
import type { Fault } from "./proxy.fixture.js";
import { World } from "./world.fixture.js";

const quick = { retryDelay: () => 5 };

describe("half-open, found by the next question", () => {
  test.each<Fault>(["stall", "stall-in", "stall-out"])("%s", async (fault) => {
    await using world = await World.start(memory);
    const client = world.client({ ...quick, pingInterval: 100 });
    const got = collected(client);
    await joined(client);
    world.proxy.harm(fault);
    await world.publish();
    // Asked after 0.1 s in place of 25, with 10 s for the answer.
    await expect.poll(() => got, { timeout: 30_000 }).toEqual([1]);
    await expect.poll(() => world.proxy.connections, { timeout: 30_000 }).toBe(2);
  });
});

test("a request that times out in silence finds a half-open connection within 6 s", async () => {
  await using world = await World.start(memory);
  const client = world.client(quick);
  await joined(client);
  world.proxy.harm("stall");
  const began = performance.now();
  await expect(client.request("count", { n: 1 }, { timeout: 500 })).rejects.toMatchObject({
    code: "ERR_WS_TIMEOUT",
    maybeDone: true,
  });
  await phase(client, "waiting");
  expect(performance.now() - began).toBeGreaterThan(5_000);
  await client.connect();
});
