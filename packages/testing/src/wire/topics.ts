import assert from "node:assert/strict";
import { formatPosition, parsePosition } from "@ws/contract/wire";
import { greeted, type RawClient, type WireCase } from "./raw-client.js";
import type { WireFrame } from "./target.js";

interface Subscribed {
  readonly at: string;
  readonly recovered: boolean;
  readonly resumable: boolean;
}

/** Subscribes and returns the result, which must come at once. */
async function subscribed(client: RawClient, params: object): Promise<Subscribed> {
  const { result, error } = await client.request("$/subscribe", params);
  assert.equal(error, undefined);
  return result as Subscribed;
}

/** The position that is so many messages after another one. */
function later(at: string, by: number): string {
  const position = parsePosition(at);
  assert.ok(position);
  return formatPosition({ ...position, sequence: position.sequence + by });
}

const event = (topic: string, at: string, n: number): WireFrame => ({
  method: "$/event",
  params: { topic, at, data: { n } },
});

export const topicCases: readonly WireCase[] = [
  {
    name: "a subscription is answered with its position, also of an empty topic, and gets what is published then",
    async run(target) {
      const client = await greeted(target);
      const { at, recovered, resumable } = await subscribed(client, { topic: "log" });
      assert.deepEqual([parsePosition(at)?.sequence, recovered, resumable], [0, true, true]);
      const publisher = await greeted(target, client.room);
      for (const n of [1, 2]) await publisher.request("publish", { n });
      assert.deepEqual(await client.frames(2), [
        event("log", later(at, 1), 1),
        event("log", later(at, 2), 2),
      ]);
    },
  },
  {
    name: "who comes back from a position gets what it missed, then the reply, then what is published",
    async run(target) {
      const publisher = await greeted(target);
      const client = await greeted(target, publisher.room);
      const { at } = await subscribed(client, { topic: "log" });
      client.socket.terminate();
      for (const n of [1, 2, 3]) await publisher.request("publish", { n });
      const back = await greeted(target, publisher.room);
      const id = await back.ask("$/subscribe", { topic: "log", from: later(at, 1) });
      assert.deepEqual(await back.frames(3), [
        event("log", later(at, 2), 2),
        event("log", later(at, 3), 3),
        { id, result: { at: later(at, 3), recovered: true, resumable: true } },
      ]);
      await publisher.request("publish", { n: 4 });
      assert.deepEqual(await back.next(), event("log", later(at, 4), 4));
    },
  },
  {
    name: "who comes back before anything was published has missed nothing",
    async run(target) {
      const client = await greeted(target);
      const { at } = await subscribed(client, { topic: "log" });
      await client.request("$/unsubscribe", { topic: "log" });
      assert.deepEqual(await subscribed(client, { topic: "log", from: at }), {
        at,
        recovered: true,
        resumable: true,
      });
    },
  },
  {
    name: "a position that is not kept is a gap before the reply",
    async run(target) {
      const client = await greeted(target);
      const id = await client.ask("$/subscribe", { topic: "log", from: "0ther0ne.41" });
      const [gap, reply] = await client.frames(2);
      const params = { topic: "log", reason: "history", missed: null, after: "0ther0ne.41" };
      assert.deepEqual(gap, { method: "$/gap", params });
      assert.equal(reply?.id, id);
      assert.equal(Object(reply?.result).recovered, false);
    },
  },
  {
    name: "a topic without a history says that it can't be resumed",
    async run(target) {
      const client = await greeted(target);
      assert.equal((await subscribed(client, { topic: "quick" })).resumable, false);
      await client.request("$/unsubscribe", { topic: "quick" });
      const { recovered, resumable } = await subscribed(client, { topic: "quick", from: "0ther0ne.41" });
      assert.deepEqual([recovered, resumable], [false, false]);
    },
  },
  {
    name: "the reply of unsubscribe is the fence: nothing of the topic comes behind it, and one may come back",
    async run(target) {
      const client = await greeted(target);
      const { at } = await subscribed(client, { topic: "log" });
      for (let n = 1; n <= 10; n += 1) await client.ask("publish", { n });
      const id = await client.ask("$/unsubscribe", { topic: "log" });
      for (let n = 11; n <= 12; n += 1) await client.ask("publish", { n });
      const frames: WireFrame[] = [];
      do frames.push(await client.next());
      while (frames.at(-1)?.id !== id);
      const got = frames.filter(({ method }) => method === "$/event").length;
      const from = later(at, got);
      const again = await client.ask("$/subscribe", { topic: "log", from });
      const rest: WireFrame[] = [];
      do rest.push(await client.next());
      while (rest.at(-1)?.id !== again);
      const events = [...frames, ...rest].filter(({ method }) => method === "$/event");
      const numbers = events.map(({ params = {} }) => Object(params["data"]).n as unknown);
      assert.deepEqual(
        numbers,
        Array.from({ length: 12 }, (_, index) => index + 1),
      );
    },
  },
  {
    name: "unsubscribe is answered also where there is no subscription",
    async run(target) {
      const client = await greeted(target);
      assert.equal((await client.request("$/unsubscribe", { topic: "log" })).result, null);
    },
  },
  {
    name: "a subscription is refused: -32001 not allowed, -32602 no such name, -32600 a second time",
    async run(target) {
      const client = await greeted(target);
      assert.equal(await client.codeOf("$/subscribe", { topic: "secret" }), -32001);
      for (const topic of ["none", "", "page/007", "page/<int:n>", "page/x", 5]) {
        assert.equal(await client.codeOf("$/subscribe", { topic }), -32602, String(topic));
      }
      for (const from of ["yesterday", "a.-1", "a.1.5x", 41]) {
        assert.equal(await client.codeOf("$/subscribe", { topic: "log", from }), -32602, String(from));
      }
      assert.equal(await client.codeOf("$/subscribe", { topic: "log", presence: true }), -32602);
      await subscribed(client, { topic: "log" });
      assert.equal(await client.codeOf("$/subscribe", { topic: "log" }), -32600);
    },
  },
  {
    name: "above 256 topics of one connection: -32000, and one that is left makes room",
    async run(target) {
      const client = await greeted(target);
      for (let n = 0; n < 257; n += 1) await client.ask("$/subscribe", { topic: `page/${n}` });
      const replies = await client.frames(257);
      assert.deepEqual(
        replies.flatMap(({ error }) => (error === undefined ? [] : [error.code])),
        [-32000],
      );
      await client.request("$/unsubscribe", { topic: "page/1" });
      await subscribed(client, { topic: "log" });
    },
  },
];
