import assert from "node:assert/strict";
import type { Stage, WireClientCase } from "./case.js";
import type { Peer } from "./scripted-server.js";

const message = (n: number) => ({ topic: "log", data: { n } });

/** A client that has joined `log` at `e.0`. */
async function joined({ server, client }: Stage, resumable = true): Promise<Peer> {
  const peer = await server.greeted();
  await client.subscribe("log");
  await peer.joined(await peer.asked("$/subscribe"), "e.0", resumable);
  await peer.read();
  return peer;
}

/** Loses the connection; gives the one after it, and what the client asks for there. */
async function rejoined({ server }: Stage, peer: Peer) {
  await peer.close(1012);
  const back = await server.greeted();
  const request = await back.asked("$/subscribe");
  assert.equal(request.params?.["topic"], "log");
  return { back, request, from: request.params?.["from"] };
}

export const topicCases: readonly WireClientCase[] = [
  {
    name: "a topic is subscribed to without a position first, and then from that of its reply, also where nothing was published",
    async run(stage) {
      const peer = await stage.server.greeted();
      await stage.client.subscribe("log");
      const { params } = await peer.asked("$/subscribe").then(async (request) => {
        await peer.joined(request, "e.0");
        return request;
      });
      assert.deepEqual([params?.["topic"], params?.["from"]], ["log", undefined]);
      // What comes behind the reply shows that it was read.
      await peer.event("log", "e.1");
      await peer.event("log", "e.2", { n: 2 });
      await stage.told(message(2));
      assert.equal((await rejoined(stage, peer)).from, "e.2");
    },
  },
  {
    name: "after a loss it comes back from the last position that it knows, and what was missed is told once",
    async run(stage) {
      const peer = await joined(stage);
      await peer.event("log", "e.1", { n: 1 });
      await stage.told(message(1));
      const { back, request, from } = await rejoined(stage, peer);
      assert.equal(from, "e.1");
      for (const n of [1, 2, 3]) await back.event("log", `e.${n}`, { n });
      await back.joined(request, "e.3");
      await back.event("log", "e.4", { n: 4 });
      for (const n of [2, 3, 4]) await stage.told(message(n));
    },
  },
  {
    name: "an event without data moves the position and is no message",
    async run(stage) {
      const peer = await joined(stage);
      await peer.event("log", "e.1");
      await peer.event("log", "e.2", { n: 2 });
      await stage.told(message(2));
      await peer.event("log", "e.3");
      await peer.tell({ method: "told", params: {} });
      await stage.told({ message: "told", params: {} });
      assert.equal((await rejoined(stage, peer)).from, "e.3");
    },
  },
  {
    name: "a position that has been passed is dropped; a jump that nobody told is a gap, with its number",
    async run(stage) {
      const peer = await joined(stage);
      for (const n of [1, 1, 4, 2, 5]) await peer.event("log", `e.${n}`, { n });
      await stage.told(message(1));
      await stage.told({ topic: "log", gap: { reason: "lost", missed: 2 } });
      await stage.told(message(4));
      await stage.told(message(5));
    },
  },
  {
    name: "a gap that the server tells stands in its place, and is told once",
    async run(stage) {
      const peer = await joined(stage);
      await peer.event("log", "e.1", { n: 1 });
      const gap = { reason: "history", missed: 2 };
      await peer.tell({ method: "$/gap", params: { topic: "log", ...gap, after: "e.1" } });
      await peer.event("log", "e.4", { n: 4 });
      await peer.tell({
        method: "$/gap",
        params: { topic: "log", reason: "epoch", missed: null, after: "e.4" },
      });
      await peer.event("log", "f.7", { n: 7 });
      await peer.event("log", "f.8", { n: 8 });
      await stage.told(message(1));
      await stage.told({ topic: "log", gap });
      await stage.told(message(4));
      await stage.told({ topic: "log", gap: { reason: "epoch", missed: null } });
      await stage.told(message(7));
      await stage.told(message(8));
    },
  },
  {
    name: "another epoch that nobody told is a gap of unknown size",
    async run(stage) {
      const peer = await joined(stage);
      await peer.event("log", "e.1", { n: 1 });
      await peer.event("log", "f.1", { n: 2 });
      await stage.told(message(1));
      await stage.told({ topic: "log", gap: { reason: "epoch", missed: null } });
      await stage.told(message(2));
    },
  },
  {
    name: "a topic that can't be resumed is never silent: a loss is told as a gap",
    async run(stage) {
      const peer = await joined(stage, false);
      await peer.event("log", "e.1", { n: 1 });
      await stage.told(message(1));
      const { back, request } = await rejoined(stage, peer);
      await back.joined(request, "e.5", false);
      await stage.told({ topic: "log", gap: { reason: "interrupted", missed: null } });
      await back.event("log", "e.6", { n: 6 });
      await stage.told(message(6));
    },
  },
  {
    name: "leaving is a request, and its reply the fence: what comes before it is dropped, and the topic is joined anew only behind it",
    async run(stage) {
      const peer = await joined(stage);
      await stage.client.unsubscribe("log");
      await stage.client.subscribe("log");
      const leaving = await peer.asked("$/unsubscribe");
      await peer.event("log", "e.1", { n: 1 });
      await stage.client.send("tell", { text: "before the fence" });
      await peer.asked("tell");
      await peer.reply(leaving, null);
      await peer.joined(await peer.asked("$/subscribe"), "e.1");
      await peer.event("log", "e.2", { n: 2 });
      await stage.told(message(2));
    },
  },
  {
    name: "a subscription that the server ends or refuses is told, and is not joined again",
    async run(stage) {
      const peer = await joined(stage);
      await peer.tell({ method: "$/ended", params: { topic: "log", code: -32001, message: "revoked" } });
      await stage.told({ topic: "log", ended: -32001 });
      await stage.client.subscribe("secret");
      const { id } = await peer.asked("$/subscribe");
      await peer.tell({ id: id as number, error: { code: -32001, message: "not allowed" } });
      await stage.told({ topic: "secret", ended: -32001 });
      await peer.close(1012);
      const back = await stage.server.greeted();
      await stage.client.send("tell", { text: "alone" });
      await back.asked("tell");
    },
  },
];
