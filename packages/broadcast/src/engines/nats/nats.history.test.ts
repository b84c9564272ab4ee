import { jetstreamManager, type StreamAPI, type StreamConfig } from "@nats-io/jetstream";
import { connect, type NatsConnection } from "@nats-io/transport-node";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { codeOf, newTopic, soon } from "../../conformance/witness.js";
import type { Position } from "../../engine/engine.js";
import { Link } from "./connect/link.js";
import { Names } from "./connect/names.js";
import { openNats, refusal } from "./nats-opened.fixture.js";
import { hasNatsServer, NatsServer } from "./nats-server.fixture.js";
import { type ReplyAddress, ReplyMux } from "./publish/reply-mux.js";
import { Streams } from "./publish/streams.js";

const history = { size: 5, ttl: 60_000 };

describe.runIf(hasNatsServer)("on a real server", () => {
  let server: NatsServer;
  let raw: NatsConnection;
  let streams: StreamAPI;
  beforeAll(async () => {
    server = await NatsServer.start();
    raw = await connect({ servers: server.url });
    ({ streams } = await jetstreamManager(raw));
  });
  afterAll(async () => {
    await raw.close();
    await server.end();
  });

  const streamOf = (topic: string): string => `ws=${topic.replaceAll(".", "=")}`;

  /** As this package makes it, but for what is given. */
  async function makeStream(topic: string, config: Partial<StreamConfig>): Promise<void> {
    const src = `ws.topic.${topic}`;
    const republish = { src, dest: `ws.stored.e0.${topic}` };
    await streams.add({ name: streamOf(topic), subjects: [src], storage: "memory", republish, ...config });
  }

  test("in a stream it has a number all the same, and is told as an empty payload", async () => {
    await using one = await openNats(server.url);
    const topic = newTopic();
    await one.engine.subscribe(topic, history, soon());
    const first = await one.engine.publish(topic, '"first"', history, soon());
    raw.publish(`ws.topic.${topic}`, "{}");
    await raw.flush();
    await one.engine.publish(topic, '"third"', history, soon());
    await one.witness.count(topic, 3);
    const { epoch } = first;
    const missed = [
      { epoch, sequence: 2, payload: "" },
      { epoch, sequence: 3, payload: '"third"' },
    ];
    expect(one.witness.of(topic).slice(1)).toEqual(missed);
    expect(await one.engine.past(topic, first, history, soon())).toEqual({
      recovered: true,
      deliveries: missed,
    });
  });

  test("who listens without a history gets what is published with one, at the publisher's numbers", async () => {
    await using one = await openNats(server.url);
    await using other = await openNats(server.url);
    const topic = newTopic();
    await other.engine.subscribe(topic, undefined, soon());
    for (const payload of ["1", "2"]) await one.engine.publish(topic, payload, history, soon());
    await other.witness.count(topic, 2);
    expect(other.witness.of(topic).map(({ sequence, payload }) => [sequence, payload])).toEqual([
      [1, "1"],
      [2, "2"],
    ]);
  });

  test("messages with a history keep the order of the calls, also while the stream is made", async () => {
    await using one = await openNats(server.url);
    const topic = newTopic();
    await one.engine.subscribe(topic, history, soon());
    const payloads = Array.from({ length: 300 }, (_, index) => String(index));
    const positions = await Promise.all(
      payloads.map((each) => one.engine.publish(topic, each, history, soon())),
    );
    await one.witness.count(topic, 300);
    expect(one.witness.of(topic)).toEqual(positions.map((at, index) => ({ ...at, payload: String(index) })));
  });

  test("a past of many messages is read whole", async () => {
    await using one = await openNats(server.url);
    const topic = newTopic();
    const long = { size: 1_000, ttl: 60_000 };
    const payloads = Array.from({ length: 700 }, (_, index) => String(index));
    const [first] = await Promise.all(payloads.map((each) => one.engine.publish(topic, each, long, soon())));
    const past = await one.engine.past(topic, first as Position, long, soon());
    expect(past.recovered && past.deliveries.map(({ payload }) => payload)).toEqual(payloads.slice(1));
  });

  test("a past with a hole can't be come back to", async () => {
    await using one = await openNats(server.url);
    const topic = newTopic();
    const [first] = await Promise.all(
      ["1", "2", "3"].map((each) => one.engine.publish(topic, each, history, soon())),
    );
    await streams.deleteMessage(streamOf(topic), 2);
    expect(await one.engine.past(topic, first as Position, history, soon())).toEqual({ recovered: false });
  });

  test("an answer that is no message of the stream is a hole", async () => {
    await using one = await openNats(server.url);
    const topic = newTopic();
    await makeStream(topic, { allow_direct: false });
    raw.subscribe(`$JS.API.DIRECT.GET.${streamOf(topic)}`, {
      callback: (_, message) => void message.respond("rubbish"),
    });
    const [first] = await Promise.all(
      ["1", "2"].map((each) => one.engine.publish(topic, each, history, soon())),
    );
    expect(await one.engine.past(topic, first as Position, history, soon())).toEqual({ recovered: false });
  });

  test("a past that is given up waits for no answer any more", async () => {
    await using one = await openNats(server.url);
    const topic = newTopic();
    await makeStream(topic, { allow_direct: false });
    const asked = new Promise<void>((resolve) => {
      raw.subscribe(`$JS.API.DIRECT.GET.${streamOf(topic)}`, { max: 2, callback: () => resolve() });
    });
    const publish = (payload: string): Promise<Position> =>
      one.engine.publish(topic, payload, history, soon());
    const [first] = await Promise.all(["1", "2", "3"].map(publish));
    const opening = vi.spyOn(ReplyMux.prototype, "open");
    const abort = new AbortController();
    const asking = one.engine.past(topic, first as Position, history, abort.signal);
    await asked;
    const closes = opening.mock.results.map(({ value }) => vi.spyOn(value as ReplyAddress, "close"));
    abort.abort("given up");
    await expect(asking).rejects.toBe("given up");
    expect(closes.map(({ mock }) => mock.calls.length)).toEqual([1, 1]);
  });

  test("an answer that others give to a message is none", async () => {
    await using one = await openNats(server.url);
    const topic = newTopic();
    const answers = ["", "rubbish", "{}", '{"seq":"7"}', "null"];
    raw.subscribe(`ws.topic.${topic}`, {
      callback: (_, message) => void answers.map((answer) => message.respond(answer)),
    });
    await makeStream(topic, { no_ack: true });
    const publishing = one.engine.publish(topic, "1", history, soon(500));
    await expect(publishing).rejects.toMatchObject({ name: "TimeoutError" });
    await raw.flush();
    expect(one.witness.told).toEqual([]);
    expect(await codeOf(one.engine.publish(newTopic(), "1", undefined, soon(1_000)))).toBe("resolved");
  });

  test("a history of another size or age is changed by who asks for it next", async () => {
    await using one = await openNats(server.url);
    await using other = await openNats(server.url);
    const topic = newTopic();
    const first = await one.engine.publish(topic, "1", { size: 2, ttl: 1 }, soon());
    const grown = { size: 7, ttl: 60_000 };
    const second = await other.engine.publish(topic, "2", grown, soon());
    expect(second).toEqual({ epoch: first.epoch, sequence: 2 });
    const { config } = await streams.info(streamOf(topic));
    expect(config).toMatchObject({ max_msgs: 7, max_age: 60_000_000_000, storage: "memory", discard: "old" });
  });

  test("a message that JetStream does not take rejects, saying why", async () => {
    await using one = await openNats(server.url);
    const topic = newTopic();
    await makeStream(topic, { max_msg_size: 100 });
    const message = await refusal(one.engine.publish(topic, `"${"x".repeat(100)}"`, history, soon()));
    expect(message).toBe("nats: JetStream did not take a message: message size exceeds maximum allowed");
    expect(await one.engine.publish(topic, "1", history, soon())).toMatchObject({ sequence: 1 });
  });

  test("a stream that can't be made or changed rejects, saying why", async () => {
    await using one = await openNats(server.url);
    const topic = newTopic();
    await streams.add({ name: "in-the-way", subjects: [`ws.topic.${topic}`], storage: "memory" });
    const message = await refusal(one.engine.publish(topic, "1", history, soon()));
    expect(message).toContain("subjects overlap");
    await streams.delete("in-the-way");
    expect(await codeOf(one.engine.publish(topic, "1", history, soon()))).toBe("resolved");
  });

  test("a stream that is not of this package is left alone", async () => {
    await using one = await openNats(server.url);
    const topic = newTopic();
    await streams.add({ name: streamOf(topic), subjects: [`ws.topic.${topic}`], storage: "memory" });
    const message = await refusal(one.engine.subscribe(topic, history, soon()));
    expect(message).toContain(`got another one named ${streamOf(topic)}`);
  });

  test("what others publish as if a stream had is told as poisoned", async () => {
    await using one = await openNats(server.url);
    const topic = newTopic();
    await one.engine.subscribe(topic, history, soon());
    raw.publish(`ws.stored.e.${topic}`, "{}");
    await raw.flush();
    await one.engine.publish(topic, "1", history, soon());
    await one.witness.count(topic, 1);
    expect(one.witness.all("poisoned")).toEqual([{ event: "poisoned", topic }]);
  });

  test("however little is kept, a subscriber gets all of a burst", async () => {
    await using one = await openNats(server.url);
    await using other = await openNats(server.url);
    const topic = newTopic();
    const least = { size: 1, ttl: 1_000 };
    await other.engine.subscribe(topic, least, soon());
    const payloads = Array.from({ length: 2_000 }, (_, index) => String(index));
    await Promise.all(payloads.map((each) => one.engine.publish(topic, each, least, soon())));
    await other.witness.count(topic, payloads.length);
    expect(other.witness.payloads(topic)).toEqual(payloads);
  });

  test("a stream that another process made while this one was looking for it is the topic's, and its epoch stands", async () => {
    const topic = newTopic();
    const connection = await connect({ servers: server.url });
    const link = new Link(connection, 60_000, () => {});
    const request = connection.request.bind(connection);
    vi.spyOn(connection, "request").mockImplementationOnce(async (...question) => {
      const answer = await request(...question);
      await makeStream(topic, {});
      return answer;
    });
    const stream = await new Streams(link, new Names("ws"), 1).open(topic, history);
    expect(stream).toMatchObject({ name: streamOf(topic), epoch: "e0" });
    link.end(new Error("done"));
  });

  test("processes that use a topic first at the same time have one stream", async () => {
    await using one = await openNats(server.url);
    await using other = await openNats(server.url);
    const topic = newTopic();
    const both = [one, other].map(({ engine }) => engine.publish(topic, "1", history, soon()));
    const [first, second] = await Promise.all(both);
    expect(first?.epoch).toBe(second?.epoch);
    expect([first?.sequence, second?.sequence].sort()).toEqual([1, 2]);
  });

  test("a stream that somebody deletes is made anew, and its messages come at a new epoch", async () => {
    await using one = await openNats(server.url);
    const topic = newTopic();
    await one.engine.subscribe(topic, history, soon());
    const first = await one.engine.publish(topic, "1", history, soon());
    await streams.delete(streamOf(topic));
    const lost = ["2", "2"].map((payload) => refusal(one.engine.publish(topic, payload, history, soon())));
    for (const message of await Promise.all(lost)) expect(message).toContain("the stream is gone");
    const third = await one.engine.publish(topic, "3", history, soon());
    expect(third.sequence).toBe(1);
    expect(third.epoch).not.toBe(first.epoch);
    await one.witness.count(topic, 2);
    expect(one.witness.of(topic)).toEqual([
      { ...first, payload: "1" },
      { ...third, payload: "3" },
    ]);
  });

  test("a subscription to a stream that was deleted rejects, and can be tried again", async () => {
    await using one = await openNats(server.url);
    const topic = newTopic();
    await one.engine.publish(topic, "1", history, soon());
    await streams.delete(streamOf(topic));
    expect(await refusal(one.engine.subscribe(topic, history, soon()))).toContain("stream not found");
    expect(await one.engine.subscribe(topic, history, soon())).toMatchObject({ sequence: 0 });
    await one.engine.publish(topic, "2", history, soon());
    await one.witness.count(topic, 1);
  });

  test("to unsubscribe, or to give up, while a subscription is made leaves nothing behind", async () => {
    await using one = await openNats(server.url);
    const [left, aborted] = [newTopic(), newTopic()];
    const leaving = one.engine.subscribe(left, history, soon());
    await one.engine.unsubscribe(left);
    await leaving;
    const abort = new AbortController();
    const subscribing = one.engine.subscribe(aborted, history, abort.signal);
    abort.abort("given up");
    await expect(subscribing).rejects.toBe("given up");
    await one.engine.unsubscribe(aborted);
    for (const topic of [left, aborted]) await one.engine.publish(topic, "1", history, soon());
    await one.engine.subscribe(left, history, soon());
    await one.engine.publish(left, "2", history, soon());
    await one.witness.count(left, 1);
    expect(one.witness.told).toMatchObject([{ topic: left, payload: "2" }]);
  });
});
