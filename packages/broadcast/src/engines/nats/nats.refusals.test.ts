import { connect, headers } from "@nats-io/transport-node";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { newTopic, soon } from "../../conformance/witness.js";
import { nats } from "../../nats.js";
import { createBroadcast } from "../../topic/broadcast.js";
import { connected } from "../../topic/connection.fixture.js";
import { openNats, refusal, userWith } from "./nats-opened.fixture.js";
import { hasNatsServer, NatsServer } from "./nats-server.fixture.js";
import { formatEnvelope } from "./publish/envelope.js";

const history = { size: 10, ttl: 60_000 };

describe.runIf(hasNatsServer)("on a real server", () => {
  test("fault 213: what the server publishes again out of order is put in order", async () => {
    await using server = await NatsServer.start();
    await using one = await openNats(server.url);
    const raw = await connect({ servers: server.url });
    const topic = newTopic();
    const head = await one.engine.subscribe(topic, history, soon());
    for (const sequence of [1, 3, 5, 4, 2, 6]) {
      const stored = headers();
      stored.set("Nats-Sequence", String(sequence));
      raw.publish(`ws.stored.${head?.epoch}.${topic}`, formatEnvelope("e", 1, [String(sequence)]), {
        headers: stored,
      });
    }
    await one.witness.count(topic, 6);
    expect(one.witness.payloads(topic)).toEqual(["1", "2", "3", "4", "5", "6"]);
    await raw.close();
  });

  test("fault 214: a topic that this user may not listen to rejects joined, publish and the iterator with the reason", async () => {
    await using server = await NatsServer.start(
      userWith('publish: ">", subscribe: { allow: ">", deny: "ws.topic.t" }'),
    );
    const engine = nats({ servers: server.url.replace("//", "//ann:x@") });
    await using broadcast = createBroadcast({ engine });
    const topic = broadcast.topic("t", z.number());
    const { connection } = await connected();
    await expect(topic.join(connection).joined).rejects.toThrow(/permission/i);
    await expect(topic.publish(1)).rejects.toThrow(/permission/i);
    await expect(topic.subscribe().next()).rejects.toThrow(/permission/i);
  });

  test("fault 214: a user without JetStream's rights is told so, and not by a time-out", async () => {
    await using server = await NatsServer.start(
      userWith('publish: { allow: ">", deny: "$JS.API.>" }, subscribe: ">"'),
    );
    await using one = await openNats(server.url.replace("//", "//ann:x@"));
    expect(await refusal(one.engine.publish("t", "1", history, soon()))).toMatch(/permission/i);
    expect(await refusal(one.engine.subscribe("t", history, soon()))).toMatch(/permission/i);
  });

  test("fault 223: a forged message of a huge sequence silences no publisher", async () => {
    await using server = await NatsServer.start();
    const raw = await connect({ servers: server.url });
    await using broadcast = createBroadcast({ engine: nats({ servers: server.url }) });
    const topic = broadcast.topic("t", z.number());
    const { connection, socket } = await connected();
    await topic.join(connection, { onGap: ({ reason }) => socket.sent.push(reason) }).joined;
    const { epoch } = await topic.publish(1);
    for (const forged of [900_000_000_000_000, 7])
      raw.publish("ws.topic.t", formatEnvelope(epoch, forged, ["666"]));
    await raw.flush();
    for (const number of [2, 3]) await topic.publish(number);
    await expect.poll(() => socket.sent.includes("3")).toBe(true);
    expect(socket.sent).toEqual(["1", "2", "3"]);
    expect(broadcast.counters).toMatchObject({ poisoned: 2, gaps: 0, duplicates: 0 });
    await raw.close();
  });
});
