import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { EngineHarness } from "../../conformance/suite.fixture.js";
import { codeOf, eventually, newTopic, open, soon, Witness } from "../../conformance/witness.js";
import { redis } from "../../redis.js";
import { hasRedisServer, RedisServer } from "./redis-server.fixture.js";

const history = { size: 3, ttl: 60_000 };
const harness: EngineHarness<RedisServer> = {
  start: () => RedisServer.start(),
  end: (server) => server.end(),
  engine: ({ url }) => redis({ url, connectTimeout: 30_000 }),
};

test("an engine that was not started is down, and can be closed", async () => {
  const engine = redis({ url: "redis://127.0.0.1:1" });
  expect(engine).toMatchObject({ name: "redis", order: "topic", isShared: true });
  await expect(engine.publish("t", "1", undefined, soon())).rejects.toMatchObject({
    code: "ERR_WS_ENGINE_DOWN",
    message: "no connection to redis: the engine was not started",
  });
  await engine.unsubscribe("t");
  await engine.close();
});

test("an engine that was closed can't be used any more", async () => {
  const engine = redis({ url: "redis://127.0.0.1:1" });
  await Promise.all([engine.close(), engine.close()]);
  const calls = [
    engine.start(new Witness(), soon()),
    engine.enter("t", "1", null),
    engine.members("t", soon()),
    engine.publish("t", "1", undefined, soon()),
  ];
  for (const call of calls) expect(await codeOf(call)).toBe("ERR_WS_BROADCAST_CLOSED");
  await engine.leave("t", "1");
  await engine.unsubscribe("t");
});

test("what can't be used is refused when the engine is made", () => {
  expect(() => redis({ url: "http://127.0.0.1" })).toThrow(TypeError);
});

describe.runIf(hasRedisServer)("on a real server", () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await RedisServer.start();
  });
  afterAll(() => server.end());

  test("a start that is aborted rejects with its signal's reason and leaves nothing", async () => {
    await server.pause();
    const reason = new Error("given up");
    const abort = new AbortController();
    const starting = redis({ url: server.url, connectTimeout: 60_000 }).start(new Witness(), abort.signal);
    abort.abort(reason);
    await expect(starting).rejects.toBe(reason);
    await expect(redis({ url: server.url }).start(new Witness(), abort.signal)).rejects.toBe(reason);
    server.continue();
    expect(
      String(await server.ask("CLIENT", "LIST"))
        .trim()
        .split("\n"),
    ).toHaveLength(1);
  });

  test("an engine that is closed while it starts rejects that as closed", async () => {
    const engine = redis({ url: server.url });
    const starting = codeOf(engine.start(new Witness(), soon()));
    await engine.close();
    expect(await starting).toBe("ERR_WS_BROADCAST_CLOSED");
  });

  test("a wrong password is a clear failure that doesn't tell it", async () => {
    await using guarded = await RedisServer.start("--requirepass", "secret");
    const url = guarded.url.replace("//", "//:wr%40ng@");
    const failure = await redis({ url })
      .start(new Witness(), soon())
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: "ERR_WS_ENGINE_UNREACHABLE" });
    expect(String(failure)).toMatch(
      /start failed: no connection to redis: WRONGPASS .*Expected a Redis server/,
    );
    expect(String(failure)).not.toMatch(/wr(%40|@)ng/);
    const right = redis({ url: guarded.url.replace("//", "//:secret@") });
    await right.start(new Witness(), soon());
    await right.close();
  });

  test("many publishes of one topic are taken in the order of the calls, with and without history", async () => {
    await using one = await open(harness, server);
    const topic = newTopic();
    await one.engine.subscribe(topic, history, soon());
    const payloads = Array.from({ length: 2_000 }, (_, index) => String(index));
    const positions = await Promise.all(
      payloads.map((payload, index) =>
        one.engine.publish(topic, payload, index % 700 < 350 ? history : undefined, soon()),
      ),
    );
    expect(positions.map(({ sequence }) => sequence)).toEqual(payloads.map((_, index) => index + 1));
    await one.witness.count(topic, payloads.length);
    expect(one.witness.payloads(topic)).toEqual(payloads);
  });

  test("what is published without history is not kept, whatever goes with it", async () => {
    await using one = await open(harness, server);
    const topic = newTopic();
    const [first] = await Promise.all([
      one.engine.publish(topic, '"passing"', undefined, soon()),
      one.engine.publish(topic, '"kept"', history, soon()),
    ]);
    expect(await one.engine.past(topic, { ...first, sequence: 0 }, history, soon())).toEqual({
      recovered: false,
    });
    expect(await one.engine.past(topic, first, history, soon())).toEqual({
      recovered: true,
      deliveries: [{ ...first, sequence: 2, payload: '"kept"' }],
    });
  });

  test("what was kept for longer than its time is not given, though newer ones are kept", async () => {
    await using one = await open(harness, server);
    const topic = newTopic();
    const first = await one.engine.publish(topic, "1", history, soon());
    for (const payload of ["2", "3"]) await one.engine.publish(topic, payload, history, soon());
    const short = { size: 3, ttl: 1 };
    await eventually(
      () => one.engine.past(topic, first, short, soon()),
      ({ recovered }) => !recovered,
    );
    expect(await one.engine.past(topic, first, history, soon())).toMatchObject({ recovered: true });
  });

  test("long payloads go in steps that are bounded", async () => {
    await using one = await open(harness, server);
    const topic = newTopic();
    await one.engine.subscribe(topic, undefined, soon());
    const payload = JSON.stringify("x".repeat(200_000));
    await Promise.all([1, 2, 3].map(() => one.engine.publish(topic, payload, undefined, soon())));
    await one.witness.count(topic, 3);
    expect(one.witness.payloads(topic)).toEqual([payload, payload, payload]);
  });

  test("what is aborted before it was sent is never sent", async () => {
    await using one = await open(harness, server);
    const topic = newTopic();
    await one.engine.subscribe(topic, undefined, soon());
    const abort = new AbortController();
    const given = one.engine.publish(topic, '"given up"', undefined, abort.signal);
    const reason = new Error("given up");
    abort.abort(reason);
    await expect(given).rejects.toBe(reason);
    expect(await one.engine.publish(topic, '"sent"', undefined, soon())).toMatchObject({ sequence: 1 });
    await one.witness.count(topic, 1);
    expect(one.witness.payloads(topic)).toEqual(['"sent"']);
  });

  test("scripts that the server forgot are told it again, without loss or disorder", async () => {
    await using one = await open(harness, server);
    const topic = newTopic();
    await one.engine.subscribe(topic, history, soon());
    const first = await one.engine.publish(topic, "0", history, soon());
    await server.ask("SCRIPT", "FLUSH");
    const rest = ["1", "2", "3"].map((payload) => one.engine.publish(topic, payload, history, soon()));
    expect((await Promise.all(rest)).map(({ sequence }) => sequence)).toEqual([2, 3, 4]);
    await server.ask("SCRIPT", "FLUSH");
    const past = await one.engine.past(topic, first, history, soon());
    expect(past).toMatchObject({
      recovered: true,
      deliveries: [{ payload: "1" }, { payload: "2" }, { payload: "3" }],
    });
    await one.witness.count(topic, 4);
    expect(one.witness.payloads(topic)).toEqual(["0", "1", "2", "3"]);
  });

  test("a server that is full refuses, and is not taken for one that is down", async () => {
    await using one = await open(harness, server);
    const topic = newTopic();
    await server.ask("CONFIG", "SET", "maxmemory", "1");
    const publishing = one.engine.publish(topic, "1", undefined, soon());
    await expect(publishing).rejects.toMatchObject({
      code: "ERR_WS_ENGINE_DOWN",
      message: expect.stringMatching(/^redis refused: OOM/),
    });
    await server.ask("CONFIG", "SET", "maxmemory", "0");
    expect(await one.engine.publish(topic, "1", undefined, soon())).toMatchObject({ sequence: 1 });
    expect(one.witness.told).toEqual([]);
  });

  test("what is kept for an idle topic is forgotten: its numbers after a day, its history after its time", async () => {
    await using one = await open(harness, server);
    const topic = newTopic();
    const left = async (key: string): Promise<number> =>
      Number(await server.ask("PTTL", `ws:{${topic}}:${key}`));
    await one.engine.publish(topic, "1", history, soon());
    expect(await left("log")).toBeGreaterThan(50_000);
    expect(await left("log")).toBeLessThanOrEqual(60_000);
    expect(await left("head")).toBeGreaterThan(86_390_000);
    await one.engine.publish(topic, "1", { size: 1, ttl: 86_400_000 }, soon());
    expect(await left("head")).toBeGreaterThan(172_790_000);
    expect(await server.ask("XLEN", `ws:{${topic}}:log`)).toBe(1);
  });

  test("numbers that were lost begin a new epoch, without the old history", async () => {
    await using one = await open(harness, server);
    const topic = newTopic();
    const before = await one.engine.publish(topic, "1", history, soon());
    await server.ask("DEL", `ws:{${topic}}:head`);
    const after = await one.engine.publish(topic, "2", history, soon());
    expect(after.sequence).toBe(1);
    expect(after.epoch).not.toBe(before.epoch);
    expect(await one.engine.past(topic, before, history, soon())).toEqual({ recovered: false });
    expect(await one.engine.past(topic, { ...after, sequence: 0 }, history, soon())).toMatchObject({
      deliveries: [{ payload: "2" }],
    });
  });
});
