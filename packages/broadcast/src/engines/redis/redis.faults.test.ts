import { createServer } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { EngineHarness } from "../../conformance/suite.fixture.js";
import { codeOf, newTopic, open, soon } from "../../conformance/witness.js";
import { redis } from "../../redis.js";
import { hasRedisServer, RedisServer } from "./redis-server.fixture.js";

const history = { size: 10, ttl: 60_000 };
const harness: EngineHarness<RedisServer> = {
  start: () => RedisServer.start(),
  end: (server) => server.end(),
  engine: ({ url }) => redis({ url, connectTimeout: 30_000 }),
};

/** For a server that hangs: it is found out soon, but not where the machine alone is slow. */
const pinging: EngineHarness<RedisServer> = {
  ...harness,
  engine: ({ url }) => redis({ url, connectTimeout: 30_000, pingInterval: 1_000 }),
};

describe.runIf(hasRedisServer)("on a real server", () => {
  let server: RedisServer;
  beforeEach(async () => {
    server = await RedisServer.start();
  });
  afterEach(() => server.end());

  test("fault 150: a server that read its data back begins new epochs, as the last of it may be missing", async () => {
    await using one = await open(harness, server);
    const topic = newTopic();
    await one.engine.subscribe(topic, history, soon());
    const saved = await one.engine.publish(topic, "1", history, soon());
    await server.ask("SAVE");
    const last = await one.engine.publish(topic, "2", history, soon());
    await server.kill();
    await server.restart();
    await one.witness.until(() => one.witness.all("resumed").length > 0);
    expect(await server.ask("HGET", `ws:{${topic}}:head`, "sequence")).toBe("1");
    expect(one.witness.all("resumed")[0]?.head).toBeUndefined();
    for (const position of [saved, last]) {
      expect(await one.engine.past(topic, position, history, soon())).toEqual({ recovered: false });
    }
    const next = await one.engine.publish(topic, "3", history, soon());
    expect(next.sequence).toBe(1);
    expect(next.epoch).not.toBe(last.epoch);
  });

  test("fault 149: a subscriber that Redis cuts off as too slow is told where the topic stands, and gets its past", async () => {
    await using one = await open(harness, server);
    await using other = await open(harness, server);
    const topic = newTopic();
    const first = await other.engine.publish(topic, "1", history, soon());
    expect(await one.engine.subscribe(topic, history, soon())).toEqual(first);
    await server.ask("CONFIG", "SET", "client-output-buffer-limit", "pubsub 1000 0 0");
    const long = JSON.stringify("x".repeat(500_000));
    const second = await other.engine.publish(topic, long, history, soon());
    await one.witness.until(() => one.witness.all("resumed").length > 0);
    expect(one.witness.told.map(({ event }) => event)).toEqual(["down", "up", "resumed"]);
    expect(one.witness.all("resumed")[0]?.head).toEqual(second);
    expect(await one.engine.past(topic, first, history, soon())).toEqual({
      recovered: true,
      deliveries: [{ ...second, payload: long }],
    });
    expect(other.witness.told).toEqual([]);
  });

  test("what waits for its turn when the connection goes rejects, and is not sent later", async () => {
    await using one = await open(pinging, server);
    const topic = newTopic();
    await server.pause();
    const publishes = Array.from({ length: 2_000 }, (_, index) =>
      codeOf(one.engine.publish(topic, String(index), undefined, soon(20_000))),
    );
    const subscribing = codeOf(one.engine.subscribe(topic, undefined, soon(20_000)));
    const entering = codeOf(one.engine.enter(topic, "1", "ann"));
    expect(new Set(await Promise.all([...publishes, subscribing, entering]))).toEqual(
      new Set(["ERR_WS_ENGINE_DOWN"]),
    );
    server.continue();
    await one.witness.until(() => one.witness.all("up").length > 0);
    const next = await one.engine.publish(topic, '"next"', undefined, soon());
    // Of what was sent before the server hung, it may have taken the first step, and no other.
    expect([1, 513]).toContain(next.sequence);
    expect(await one.engine.members(topic, soon())).toMatchObject([{ id: "1", as: "ann" }]);
  });

  test("who comes and goes while Redis is down is told when it is back", async () => {
    await using one = await open(harness, server);
    const topic = newTopic();
    await one.engine.enter(topic, "1", "ann");
    await one.engine.subscribe(topic, undefined, soon());
    await server.kill();
    await one.witness.until(() => one.witness.all("down").length > 0);
    expect(await codeOf(one.engine.enter(topic, "2", "bob"))).toBe("resolved");
    expect(await codeOf(one.engine.leave(topic, "1"))).toBe("resolved");
    expect(await codeOf(one.engine.unsubscribe(topic))).toBe("resolved");
    await server.restart();
    await one.witness.until(() => one.witness.all("up").length > 0);
    expect(await one.engine.members(topic, soon())).toMatchObject([{ id: "2", as: "bob" }]);
    expect(one.witness.all("resumed")).toEqual([]);
    expect(await server.ask("PUBSUB", "NUMSUB", `ws:{${topic}}`)).toEqual([`ws:{${topic}}`, 0]);
  });

  test("a topic that can't be subscribed again is tried until it can; the others are whole meanwhile", async () => {
    await using one = await open(harness, server);
    const [barred, free] = [newTopic(), newTopic()];
    for (const topic of [barred, free]) await one.engine.subscribe(topic, undefined, soon());
    await server.ask("ACL", "SETUSER", "default", "resetchannels", `&ws:{${free}}`);
    await one.witness.until(() => one.witness.all("resumed").length > 0);
    expect(one.witness.all("resumed")).toMatchObject([{ topic: free }]);
    await one.engine.publish(free, "1", undefined, soon());
    await one.witness.count(free, 1);
    await server.ask("ACL", "SETUSER", "default", "allchannels");
    await one.witness.until(() => one.witness.all("resumed").length > 1);
    expect(one.witness.all("resumed")[1]).toMatchObject({ topic: barred });
    await one.engine.publish(barred, "2", undefined, soon());
    await one.witness.count(barred, 1);
    expect(one.witness.all("down")).toHaveLength(1);
  });

  test("while Redis stays away it is tried again and again, and told of once", async () => {
    await using one = await open(harness, server);
    await server.kill();
    await one.witness.until(() => one.witness.all("down").length > 0);
    // Somebody else listens there, and ends what comes.
    let attempts = 0;
    const other = createServer((socket) => {
      attempts += 1;
      socket.on("error", () => {});
      socket.destroy();
    }).listen(server.port, "127.0.0.1");
    await expect.poll(() => attempts).toBeGreaterThan(3);
    await new Promise((resolve) => other.close(resolve));
    await server.restart();
    await one.witness.until(() => one.witness.all("up").length > 0);
    expect(one.witness.told.map(({ event }) => event)).toEqual(["down", "up"]);
  });
});
