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

test("half-open in the direction of the server alone is found though messages still come", async () => {
  await using world = await World.start(memory);
  const client = world.client(quick);
  await joined(client);
  const got = collected(client);
  await client.request("count", { n: 1 });
  world.proxy.harm("stall-in");
  const publishing = setInterval(() => void world.publish(), 100);
  try {
    const began = performance.now();
    await expect(client.request("count", { n: 2 }, { timeout: 500 })).rejects.toThrow("timeout");
    await phase(client, "waiting");
    // 10 s, for the reply may have been behind the other messages.
    expect(performance.now() - began).toBeGreaterThan(10_000);
    expect(got.length).toBeGreaterThan(10);
    await client.connect();
  } finally {
    clearInterval(publishing);
  }
  await expect.poll(() => got.length, { timeout: 30_000 }).toBe(world.published);
  expect(got).toEqual(Array.from({ length: world.published }, (_, index) => index + 1));
});
