import { connect, type NatsConnection } from "@nats-io/transport-node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newTopic, soon } from "../../conformance/witness.js";
import { nats } from "../../nats.js";
import { openNats, refusal } from "./nats-opened.fixture.js";
import { hasNatsServer, NatsServer } from "./nats-server.fixture.js";
import { formatEnvelope } from "./publish/envelope.js";

test("the engine tells what it is", () => {
  expect(nats({ servers: "h" })).toMatchObject({ name: "nats", order: "publisher", isShared: true });
});

test("options are checked when it is made", () => {
  expect(() => nats({ servers: "http://h" })).toThrow(TypeError);
});

test("before the start every call says that the engine was not started", async () => {
  expect(await refusal(nats({ servers: "h" }).publish("t", "1", undefined, soon()))).toContain("not started");
});

describe.runIf(hasNatsServer)("on a real server", () => {
  let server: NatsServer;
  let raw: NatsConnection;
  beforeAll(async () => {
    server = await NatsServer.start();
    raw = await connect({ servers: server.url });
  });
  afterAll(async () => {
    await raw.close();
    await server.end();
  });

  test("fault 156: what others publish on a topic is told as poisoned, and ends nothing", async () => {
    await using one = await openNats(server.url);
    const topic = newTopic();
    await one.engine.subscribe(topic, undefined, soon());
    for (const text of ["", "{}", "1 e"]) raw.publish(`ws.topic.${topic}`, text);
    await raw.flush();
    await one.engine.publish(topic, '"ours"', undefined, soon());
    await one.witness.count(topic, 1);
    expect(one.witness.all("poisoned")).toEqual([1, 2, 3].map(() => ({ event: "poisoned", topic })));
    expect(one.witness.payloads(topic)).toEqual(['"ours"']);
  });

  test("what is published in one tick goes out as one message", async () => {
    await using one = await openNats(server.url);
    const topic = newTopic();
    const texts: string[] = [];
    raw.subscribe(`ws.topic.${topic}`, { callback: (_, message) => void texts.push(message.string()) });
    await raw.flush();
    const publishes = ["1", "2", "3"].map((each) => one.engine.publish(topic, each, undefined, soon()));
    const [first] = await Promise.all(publishes);
    await raw.flush();
    expect(texts).toEqual([formatEnvelope(String(first?.epoch), 1, ["1", "2", "3"])]);
  });
});
