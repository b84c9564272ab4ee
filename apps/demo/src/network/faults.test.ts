import { memory } from "@ws/broadcast";
import { createClient } from "@ws/client";
import { expect, test } from "vitest";
import { WebSocket } from "ws";
import { collected, joined, phase } from "./observe.fixture.js";
import type { Fault } from "./proxy.fixture.js";
import { type numbers, World } from "./world.fixture.js";

const quick = { retryDelay: () => 5 };

test.each<Fault>(["reset", "end"])(
  "after a %s the topic is whole, published meanwhile included",
  async (fault) => {
    await using world = await World.start(memory);
    const client = world.client(quick);
    const got = collected(client);
    await joined(client);
    await world.publish();
    const lost = phase(client, "waiting");
    world.proxy.harm(fault);
    await world.publish();
    await lost;
    await world.publish();
    await expect.poll(() => got).toEqual([1, 2, 3]);
  },
);

test("the first reconnect of a topic in which nothing was published is whole", async () => {
  await using world = await World.start(memory);
  const client = world.client(quick);
  const got = collected(client);
  await joined(client);
  world.proxy.isDown = true;
  const lost = phase(client, "waiting");
  world.proxy.harm("reset");
  await lost;
  await world.publish();
  world.proxy.isDown = false;
  await expect.poll(() => got).toEqual([1]);
});

test("cut off after any number of bytes of the handshake, of hello, of the reply and of a replay, no position is skipped", async () => {
  await using world = await World.start(memory);
  const client = world.client(quick);
  const got = collected(client);
  await joined(client);
  for (let bytes = 20; bytes <= 700; bytes += 40) {
    world.proxy.bytesOut = bytes;
    const next = world.proxy.nextConnection();
    world.proxy.harm("reset");
    await world.publish();
    await next;
  }
  world.proxy.bytesOut = Number.POSITIVE_INFINITY;
  world.proxy.harm("reset");
  const all = Array.from({ length: world.published }, (_, index) => index + 1);
  await expect.poll(() => got).toEqual(all);
});

test("a topic without a history is never silent: each reconnect is told as an interruption", async () => {
  await using world = await World.start(memory);
  const client = world.client(quick);
  const got = collected(client, "bare");
  await joined(client);
  await world.publish("bare");
  await expect.poll(() => got).toEqual([1]);
  const [lost, back] = [phase(client, "waiting"), phase(client, "open")];
  world.proxy.harm("reset");
  await lost;
  await back;
  await expect.poll(() => got.at(-1)).toEqual(["interrupted", undefined]);
});

test("a handshake that is refused is never a loop, and what was sent meanwhile goes out when it is not", async () => {
  await using world = await World.start(memory);
  world.proxy.isDown = true;
  const client = world.client();
  const sending = client.send("note", { n: 7 });
  await phase(client, "waiting");
  expect(client.state).toMatchObject({ phase: "waiting", attempt: 2, down: { code: 1006 } });
  world.proxy.isDown = false;
  client.retry();
  expect(await sending).toBe(true);
  await expect.poll(() => world.notes).toEqual([7]);
});

test("a path that the server does not have is refused for good, with its status as a close code", async () => {
  await using world = await World.start(memory);
  const client = createClient<typeof numbers>(`ws://127.0.0.1:${world.proxy.port}/nowhere/`, { WebSocket });
  await expect(client.connect()).rejects.toThrow("closed 4404");
  expect(world.proxy.connections).toBe(1);
});

test("a server that drains over 2 s hands its clients over: no message and no request is lost, none comes or runs twice", async () => {
  await using world = await World.start(memory, 1, 2);
  const client = world.client({ ...quick, timeout: 60_000 });
  const got = collected(client);
  await joined(client);
  const answers: Promise<unknown>[] = [];
  let isOver = false;
  let isDraining = false;
  for (let n = 1; !isOver; n += 3) {
    answers.push(
      client.request("slow", { n }),
      client.request("slow", { n: n + 1 }),
      client.request("slow", { n: n + 2 }, { key: `${n}` }),
    );
    await world.publish();
    // Each takes a while, so there are some under way at every moment.
    await answers.at(-3)?.catch(() => {});
    if (n < 20 || isDraining) continue;
    isDraining = true;
    void world.servers[0]?.close({ drain: { window: 2_000 } }).then(() => {
      isOver = true;
    });
  }
  const outcomes = await Promise.allSettled(answers);
  expect(outcomes.filter(({ status }) => status === "rejected")).toEqual([]);
  await expect.poll(() => got).toEqual(Array.from({ length: world.published }, (_, index) => index + 1));
  expect([...world.ran.values()].filter((times) => times > 1)).toEqual([]);
});
