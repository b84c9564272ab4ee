import { Connection } from "@ws/connection";
import { ConnectionClosed, lostConnection } from "@ws/events";
import { describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { settled } from "../engine/engine.fixture.js";
import { memory } from "../engines/memory/engine.js";
import { createBroadcast } from "../topic/broadcast.js";
import { connected } from "../topic/connection.fixture.js";

const numbers = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);

describe("a member", () => {
  test("is sent every message as a text, framed once for all", async () => {
    await using broadcast = createBroadcast({ engine: memory() });
    const topic = broadcast.topic("t", z.object({ a: z.string() }));
    const events: unknown[] = [];
    for (let count = 0; count < 3; count += 1) {
      const { connection } = await connected();
      vi.spyOn(connection, "send").mockImplementation(async (event) => void events.push(event));
      await topic.join(connection).joined;
    }
    await topic.publish({ a: "é" });
    expect(events).toHaveLength(3);
    expect(new Set(events).size).toBe(1);
    expect(events[0]).toMatchObject({ type: "websocket.send", text: '{"a":"é"}' });
  });

  test("is told positions where the topic is made so", async () => {
    await using broadcast = createBroadcast({ engine: memory() });
    const topic = broadcast.topic("t", z.number(), { positions: true });
    const { connection, socket } = await connected();
    await topic.join(connection).joined;
    const { epoch } = await topic.publish(5);
    expect(JSON.parse(String(socket.sent[0]))).toEqual({ message: 5, epoch, sequence: 1 });
  });

  test("fault 155: a member leaves when it is told to, as often as it likes", async () => {
    await using broadcast = createBroadcast({ engine: memory() });
    const topic = broadcast.topic("t", z.number());
    const { connection, socket } = await connected();
    const leave = topic.join(connection);
    await topic.publish(1);
    expect(topic.counters.members).toBe(1);
    leave();
    leave();
    await topic.publish(2);
    expect(socket.sent).toEqual(["1"]);
    expect(broadcast.counters.members).toBe(0);
  });

  test("leaves by itself when the connection ends, and nothing listens to that connection any more", async () => {
    await using broadcast = createBroadcast({ engine: memory() });
    const topic = broadcast.topic("t", z.number());
    const { connection, socket } = await connected();
    const leave = topic.join(connection);
    const remove = vi.spyOn(connection.signal, "removeEventListener");
    leave();
    expect(remove).toHaveBeenCalledOnce();
    topic.join(connection);
    socket.end();
    expect(topic.counters.members).toBe(0);
    await topic.publish(1);
    expect(socket.sent).toEqual([]);
  });

  test("that joins with a connection that has ended has left", async () => {
    await using broadcast = createBroadcast({ engine: memory() });
    const topic = broadcast.topic("t", z.number());
    const { connection, socket } = await connected();
    socket.end();
    const { joined } = topic.join(connection, { as: "ann" });
    expect(topic.counters.members).toBe(0);
    expect(await joined).toEqual({ position: undefined, recovered: false });
    expect(await topic.members()).toEqual([]);
  });

  test("may not join before the connection was accepted", async () => {
    await using broadcast = createBroadcast({ engine: memory() });
    const { socket } = await connected();
    const early = new Connection(socket.scope, () => new Promise(() => {}), socket.send);
    expect(() => broadcast.topic("t", z.number()).join(early)).toThrow(
      /^join: expected a connection that was accepted, got one that is connecting\. Likely mistake: await accept\(\)/,
    );
  });

  test("fault 154: a member that leaves or joins while a message goes round disturbs nobody", async () => {
    await using broadcast = createBroadcast({ engine: memory() });
    const topic = broadcast.topic("t", z.number());
    const members = await Promise.all(numbers(1, 5).map(connected));
    const late = await connected();
    const leaves = members.map(({ connection }) => topic.join(connection));
    await topic.publish(0);
    const [first, second, , fourth] = members;
    let isFirst = true;
    if (second !== undefined) {
      second.socket.sending = () => {
        if (isFirst) for (const index of [0, 1, 3]) leaves[index]?.();
        if (isFirst) topic.join(late.connection);
        isFirst = false;
        return Promise.resolve();
      };
    }
    await topic.publish(1);
    await topic.publish(2);
    const sent = members.map(({ socket }) => socket.sent.join());
    expect(sent).toEqual(["0,1", "0,1", "0,1,2", "0", "0,1,2"]);
    expect(late.socket.sent).toEqual(["2"]);
    expect(topic.counters).toMatchObject({ members: 3, delivered: 12 });
    for (const leave of leaves) leave();
    await topic.publish(3);
    expect(late.socket.sent).toEqual(["2", "3"]);
    expect([first, fourth].map((member) => member?.socket.sent.length)).toEqual([2, 1]);
  });

  test("whose send fails because the connection has ended leaves, and that is no error", async () => {
    await using broadcast = createBroadcast({ engine: memory() });
    const topic = broadcast.topic("t", z.number());
    const { connection, socket } = await connected();
    await topic.join(connection).joined;
    socket.sending = () => Promise.reject(new ConnectionClosed(lostConnection));
    await topic.publish(1);
    await settled();
    expect(topic.counters).toMatchObject({ members: 0, disconnected: 0 });
    await topic.publish(2);
    expect(socket.sent).toEqual(["1"]);
  });

  test("whose send fails in any other way is closed with 1011; the others get the message", async () => {
    await using broadcast = createBroadcast({ engine: memory() });
    const topic = broadcast.topic("t", z.number());
    const [throwing, rejecting, good] = await Promise.all([connected(), connected(), connected()]);
    for (const { connection } of [throwing, rejecting, good]) topic.join(connection);
    throwing.socket.sending = () => {
      throw new Error("mine");
    };
    rejecting.socket.sending = () => Promise.reject(new Error("mine"));
    await topic.publish(1);
    await settled();
    expect([throwing, rejecting, good].map(({ socket }) => socket.sent)).toEqual([
      ["close 1011"],
      ["1", "close 1011"],
      ["1"],
    ]);
    expect(topic.counters).toMatchObject({ members: 1, disconnected: 2 });
  });

  test("that can't even be closed is let go of", async () => {
    await using broadcast = createBroadcast({ engine: memory() });
    const topic = broadcast.topic("t", z.number());
    const { connection, socket } = await connected();
    topic.join(connection);
    for (const part of ["sending", "closing"] as const)
      socket[part] = () => Promise.reject(new Error("mine"));
    await topic.publish(1);
    await settled();
    expect(socket.sent).toEqual(["1", "close 1011"]);
    expect(topic.counters).toMatchObject({ members: 0, disconnected: 1 });
  });
});
