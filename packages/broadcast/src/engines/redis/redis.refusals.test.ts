import { describe, expect, test, vi } from "vitest";
import { z } from "zod";
import type { EngineHarness } from "../../conformance/suite.fixture.js";
import { codeOf, newTopic, open, soon } from "../../conformance/witness.js";
import { redis } from "../../redis.js";
import { createBroadcast } from "../../topic/broadcast.js";
import { connected } from "../../topic/connection.fixture.js";
import { freePort } from "../real-server.fixture.js";
import { hasRedisServer, RedisServer } from "./redis-server.fixture.js";

const history = { size: 10, ttl: 60_000 };
const harness: EngineHarness<RedisServer> = {
  start: () => RedisServer.start(),
  end: (server) => server.end(),
  engine: ({ url }) => redis({ url, connectTimeout: 30_000 }),
};

/** What a call that must fail says. */
async function said(call: Promise<unknown>): Promise<string> {
  const error = await call.then(
    () => new Error("it resolved"),
    (reason: Error) => reason,
  );
  return error.message;
}

describe.runIf(hasRedisServer)("on a real server", () => {
  test("fault 214: a primary that became a replica is told as down, and come back to when it is one again", async () => {
    await using server = await RedisServer.start();
    await using one = await open(harness, server);
    const topic = newTopic();
    await one.engine.subscribe(topic, history, soon());
    await server.ask("REPLICAOF", "127.0.0.1", "1");
    expect(await said(one.engine.publish(topic, "1", history, soon()))).toContain("READONLY");
    await one.witness.until(() => one.witness.all("down").length > 0);
    expect(one.witness.all("down")[0]?.reason).toContain("READONLY");
    expect(await codeOf(one.engine.publish(topic, "1", history, soon()))).toBe("ERR_WS_ENGINE_DOWN");
    const starting = redis({ url: server.url }).start(one.witness, soon());
    expect(await said(starting)).toContain("expected a primary, got a replica");
    await server.ask("REPLICAOF", "NO", "ONE");
    await one.witness.until(() => one.witness.all("resumed").length > 0);
    await one.engine.publish(topic, "2", history, soon());
    await one.witness.count(topic, 1);
    expect(one.witness.payloads(topic)).toEqual(["2"]);
  });

  test("fault 214: a topic that this user may not use rejects joined and publish with the server's reason, until it may", async () => {
    await using server = await RedisServer.start();
    await using broadcast = createBroadcast({ engine: redis({ url: server.url }) });
    await broadcast.ready;
    await server.ask("ACL", "SETUSER", "default", "resetchannels", "&ws:control");
    const topic = broadcast.topic("t", z.number());
    const { connection, socket } = await connected();
    expect(await said(topic.publish(0))).toMatch(/NOPERM|The user executing the script/);
    const membership = topic.join(connection);
    expect(await said(membership.joined)).toMatch(/NOPERM|The user executing the script/);
    expect(await said(topic.publish(1))).toMatch(/NOPERM|The user executing the script/);
    await expect(topic.subscribe().next()).rejects.toThrow(/NOPERM|The user executing the script/);
    await server.ask("ACL", "SETUSER", "default", "allchannels");
    const isPublished = (): Promise<boolean> =>
      topic.publish(2).then(
        () => true,
        () => false,
      );
    await expect.poll(isPublished).toBe(true);
    await expect.poll(() => socket.sent.length).toBeGreaterThan(0);
    expect(socket.sent).toEqual(["2"]);
  });

  test("fault 214: a topic that is refused after an interruption rejects publishes with the server's reason", async () => {
    await using server = await RedisServer.start();
    await using broadcast = createBroadcast({ engine: redis({ url: server.url }) });
    const topic = broadcast.topic("t", z.number());
    const { connection } = await connected();
    await topic.join(connection).joined;
    const up = new Promise<void>((resolve) =>
      broadcast.on("engine", ({ state }) => state === "up" && resolve()),
    );
    // Whoever is subscribed to a channel that is taken away is cut off.
    await server.ask("ACL", "SETUSER", "default", "resetchannels", "&ws:control");
    await up;
    expect(await said(topic.publish(1))).toMatch(/NOPERM|The user executing the script/);
  });

  test("fault 214: a node of a cluster that serves no slots refuses with its own words", async () => {
    // By itself a node talks to others on a port 10,000 above its own, which need not be free, nor be one.
    const flags = ["--cluster-enabled", "yes", "--cluster-port", String(await freePort())];
    await using server = await RedisServer.start(...flags);
    await using one = await open(harness, server);
    expect(await said(one.engine.publish("t", "1", undefined, soon()))).toContain("CLUSTERDOWN");
    expect(await said(one.engine.subscribe("t", undefined, soon()))).toContain("CLUSTERDOWN");
    expect(one.witness.all("down")).toEqual([]);
  });

  test("fault 215: a user without INFO is served, and what is assumed is said once", async () => {
    await using server = await RedisServer.start();
    await server.ask(
      "ACL",
      "SETUSER",
      "ann",
      "on",
      ">x",
      "~*",
      "&*",
      "+@all",
      "-info",
      "-hello",
      "-ping",
      "+hello|setname",
    );
    const warn = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
    const engine = (): ReturnType<typeof redis> =>
      redis({ url: server.url.replace("//", "//ann:x@"), pingInterval: 1_000 });
    await using one = await open({ ...harness, engine }, server);
    const topic = newTopic();
    await one.engine.subscribe(topic, history, soon());
    const first = await one.engine.publish(topic, "1", history, soon());
    await server.ask("CLIENT", "KILL", "USER", "ann");
    await one.witness.until(() => one.witness.all("resumed").length > 0);
    expect(one.witness.all("resumed")[0]?.head).toEqual(first);
    await using other = await open(harness, server);
    expect(await other.engine.publish(topic, "2", history, soon())).toMatchObject({ sequence: 1 });
    await one.witness.count(topic, 2);
    expect(warn).toHaveBeenCalledTimes(1);
    expect(String(warn.mock.calls[0])).toMatch(/INFO/);
  });

  test("fault 214: a user that may only listen is served what others publish", async () => {
    await using server = await RedisServer.start();
    await server.ask("ACL", "SETUSER", "ann", "on", ">x", "~*", "&*", "+@all", "-eval", "-evalsha");
    const engine = (): ReturnType<typeof redis> => redis({ url: server.url.replace("//", "//ann:x@") });
    await using listener = await open({ ...harness, engine }, server);
    await using other = await open(harness, server);
    const topic = newTopic();
    expect(await listener.engine.subscribe(topic, undefined, soon())).toBeUndefined();
    await other.engine.publish(topic, "1", undefined, soon());
    await listener.witness.count(topic, 1);
    expect(listener.witness.payloads(topic)).toEqual(["1"]);
    expect(await said(listener.engine.publish(topic, "2", undefined, soon()))).toContain("NOPERM");
  });

  test("fault 216: two databases of one server with one prefix are apart", async () => {
    await using server = await RedisServer.start();
    const inDatabase = (number: number) => ({
      ...harness,
      engine: () => redis({ url: `${server.url}/${number}` }),
    });
    await using zero = await open(inDatabase(0), server);
    await using one = await open(inDatabase(1), server);
    await using again = await open(inDatabase(1), server);
    const topic = newTopic();
    for (const { engine } of [zero, one, again]) await engine.subscribe(topic, undefined, soon());
    await zero.engine.publish(topic, '"zero"', undefined, soon());
    await one.engine.publish(topic, '"one"', undefined, soon());
    for (const { witness } of [zero, one, again]) await witness.count(topic, 1);
    expect([zero, one, again].map(({ witness }) => witness.payloads(topic))).toEqual([
      ['"zero"'],
      ['"one"'],
      ['"one"'],
    ]);
    expect(await one.engine.say?.("hello", soon())).toBe(2);
    expect(zero.witness.all("heard")).toEqual([]);
  });

  test("fault 223: a forged message of a huge sequence silences nobody, with and without a history", async () => {
    await using server = await RedisServer.start();
    await using broadcast = createBroadcast({ engine: redis({ url: server.url }) });
    for (const options of [{}, { history }]) {
      const name = newTopic();
      const topic = broadcast.topic(name, z.number(), options);
      const { connection, socket } = await connected();
      await topic.join(connection, { onGap: ({ reason }) => socket.sent.push(reason) }).joined;
      const { epoch } = await topic.publish(1);
      for (const forged of [900_000_000_000_000, 2 ** 31, 7]) {
        await server.ask("PUBLISH", `ws:{${name}}`, `1 ${epoch} ${forged}\u001e666`);
      }
      for (const number of [2, 3, 4]) await topic.publish(number);
      await expect.poll(() => socket.sent).toContain("4");
      expect(socket.sent).toEqual(["1", "2", "3", "4"]);
    }
    expect(broadcast.counters).toMatchObject({ poisoned: 6, gaps: 0, duplicates: 0 });
  });

  test("fault 225: the loss of the last message is told without a next one", async () => {
    await using server = await RedisServer.start();
    await using broadcast = createBroadcast({ engine: redis({ url: server.url }), headInterval: 100 });
    const gap = new Promise((resolve) => broadcast.on("gap", resolve));
    const topic = broadcast.topic("t", z.number());
    const { connection } = await connected();
    await topic.join(connection).joined;
    const after = await topic.publish(1);
    // As if a message had been counted, and lost on its way.
    await server.ask("HINCRBY", "ws:{t}:head", "sequence", "1");
    expect(await gap).toEqual({ topic: "t", reason: "lost", missed: 1, after });
  });
});
