import { execFile, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import type { Engine } from "../engine/engine.js";
import { nats } from "../nats.js";
import { redis } from "../redis.js";
import { createBroadcast } from "../topic/broadcast.js";
import { connected } from "../topic/connection.fixture.js";
import { hasNatsServer, NatsServer } from "./nats/nats-server.fixture.js";
import { plainScripts } from "./redis/connect/script.js";
import { hasRedisServer, RedisServer } from "./redis/redis-server.fixture.js";

const run = promisify(execFile);
const page = readFileSync(new URL("../../../../docs/envelope.md", import.meta.url), "utf8");
const [redisExample = "", natsExample = ""] = [...page.matchAll(/```python\n(.*?)```/gs)].map(
  ([, code]) => code,
);
const hasPython = spawnSync("python3", ["--version"]).status === 0;
const schema = z.object({ from: z.string(), text: z.string() });
const history = { size: 10, ttl: 60_000 };

/** A member of the topic "news", and what it was sent, gaps by their reason. */
async function member(engine: Engine, options: { history?: typeof history } = {}) {
  const broadcast = createBroadcast({ engine });
  const topic = broadcast.topic("news", schema, options);
  const { connection, socket } = await connected();
  await topic.join(connection, { onGap: ({ reason }) => socket.sent.push(reason) }).joined;
  const seen = async (count: number): Promise<readonly string[]> => {
    await expect.poll(() => socket.sent.length >= count).toBe(true);
    return socket.sent;
  };
  return { broadcast, topic, seen, [Symbol.asyncDispose]: () => broadcast.close() };
}

/** Sends these bytes to a server, and ends when it answers with `last`. */
async function speak(port: number, bytes: string, last: string): Promise<string> {
  const socket = connect(port, "127.0.0.1").setEncoding("utf8");
  let heard = "";
  socket.on("data", (text) => {
    heard += text;
    if (heard.includes(last)) socket.end();
  });
  socket.write(bytes);
  await once(socket, "close");
  return heard;
}

const python = (text: string): string => `{"from": "python", "text": "${text}"}`;

test("the page has the script as it is run", () => {
  expect(redisExample).toContain(plainScripts.publish.text);
});

describe.runIf(hasRedisServer)("over Redis", () => {
  test("fault 224: bytes that were written by hand are a message, and the numbers go on behind it", async () => {
    await using server = await RedisServer.start();
    await using one = await member(redis({ url: server.url }), { history });
    const first = await one.topic.publish({ from: "ts", text: "1" });
    const script = plainScripts.publish.text;
    const words = ["EVAL", script, "2", "ws:{news}:head", "ws:{news}:log", "ws:{news}"];
    const rest = [
      "",
      "handmade",
      "86400000",
      "10",
      "60000",
      '{"from":"hand","text":"é"}',
      '{"from":"hand","text":"3"}',
    ];
    const texts = [...words, ...rest].map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`);
    const heard = await speak(server.port, `*${texts.length}\r\n${texts.join("")}`, ":2\r\n");
    expect(heard).toBe(`*2\r\n$8\r\n${first.epoch}\r\n:2\r\n`);
    expect(await one.topic.publish({ from: "ts", text: "4" })).toEqual({ epoch: first.epoch, sequence: 4 });
    expect(await one.seen(4)).toEqual([
      '{"from":"ts","text":"1"}',
      '{"from":"hand","text":"é"}',
      '{"from":"hand","text":"3"}',
      '{"from":"ts","text":"4"}',
    ]);
  });

  test.runIf(hasPython)("fault 224: the example in Python publishes", async () => {
    await using server = await RedisServer.start();
    await using one = await member(redis({ url: server.url }));
    await run("python3", ["-c", redisExample, "127.0.0.1", String(server.port), "news", "hello"]);
    expect(await one.seen(2)).toEqual([python("hello"), python("HELLO")]);
    expect(one.broadcast.counters).toMatchObject({ gaps: 0, poisoned: 0, duplicates: 0 });
  });
});

describe.runIf(hasNatsServer)("over NATS", () => {
  test("fault 224: bytes that were written by hand are messages", async () => {
    await using server = await NatsServer.start();
    await using one = await member(nats({ servers: server.url }));
    const body = '1 handmade 1\u001e{"from":"hand","text":"é"}\u001e{"from":"hand","text":"2"}';
    const bytes = `CONNECT {"verbose":false}\r\nPUB ws.topic.news ${Buffer.byteLength(body)}\r\n${body}\r\nPING\r\n`;
    await speak(server.port, bytes, "PONG");
    expect(await one.seen(2)).toEqual(['{"from":"hand","text":"é"}', '{"from":"hand","text":"2"}']);
  });

  test.runIf(hasPython).each([
    ["without a history", {}],
    ["with a history", { history }],
  ])("fault 224: the example in Python publishes: %s", async (_, options) => {
    await using server = await NatsServer.start();
    await using one = await member(nats({ servers: server.url }), options);
    await run("python3", ["-c", natsExample, "127.0.0.1", String(server.port), "news", "hello"]);
    expect(await one.seen(2)).toEqual([python("hello"), python("HELLO")]);
    expect(one.broadcast.counters).toMatchObject({ gaps: 0, poisoned: 0, duplicates: 0 });
  });
});
