import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { type FakeSocket, fakeSockets, fakeTime, settled } from "../fake-socket.fixture.js";
import { createClient, GapError } from "../index.js";
import type { chat } from "./client.fixture.js";

/** What a server owes over one socket. */
interface Peer {
  readonly socket: FakeSocket;
  read: number;
  readonly owed: object[];
  isMember: boolean;
}

/** A server of one topic with a history, as simple as can be: the model that the client is held against. */
class Model {
  published = 0;
  ran: unknown[] = [];
  readonly #kept: number;
  readonly #peers = new Map<FakeSocket, Peer>();

  constructor(kept: number) {
    this.#kept = kept;
  }

  peerOf(socket: FakeSocket): Peer {
    const peer = this.#peers.get(socket) ?? { socket, read: 0, owed: [], isMember: false };
    this.#peers.set(socket, peer);
    return peer;
  }

  accept(socket: FakeSocket): void {
    if (socket.readyState !== 0 || socket.closedWith !== undefined) return;
    socket.open();
    const params = { maxMessage: 10_000, topics: 256 };
    this.peerOf(socket).owed.push({ jsonrpc: "2.0", method: "$/hello", params });
  }

  publish(): void {
    this.published += 1;
    for (const peer of this.#peers.values()) if (peer.isMember) this.#event(peer, this.published);
  }

  /** Reads what the client sent. */
  read(socket: FakeSocket): void {
    const peer = this.peerOf(socket);
    for (const { id, method, params } of socket.frames.slice(peer.read)) {
      if (method === "$/subscribe") this.#join(peer, id, params?.["from"]);
      else if (method === "$/unsubscribe") peer.isMember = false;
      else if (method === "say") this.ran.push(params?.["text"]);
      if (id !== undefined && method !== "$/subscribe") peer.owed.push({ jsonrpc: "2.0", id, result: null });
    }
    peer.read = socket.sent.length;
  }

  /** Gives so much of what it owes. */
  give(socket: FakeSocket, count: number): void {
    if (socket.readyState !== 1) return;
    for (const frame of this.peerOf(socket).owed.splice(0, count)) socket.message(JSON.stringify(frame));
  }

  #event({ owed }: Peer, sequence: number): void {
    const params = { topic: "said", at: `e.${sequence}`, data: { text: `${sequence}` } };
    owed.push({ jsonrpc: "2.0", method: "$/event", params });
  }

  #join(peer: Peer, id: unknown, from: unknown): void {
    const first = Math.max(0, this.published - this.#kept);
    let at = from === undefined ? this.published : Number(String(from).slice(2));
    const isWhole = at >= first;
    if (!isWhole) {
      const params = { topic: "said", reason: "history", missed: first - at, after: from };
      peer.owed.push({ jsonrpc: "2.0", method: "$/gap", params });
      at = first;
    }
    while (at < this.published) this.#event(peer, ++at);
    const result = { at: `e.${this.published}`, recovered: isWhole, resumable: true };
    peer.owed.push({ jsonrpc: "2.0", id, result });
    peer.isMember = true;
  }
}

type Step =
  | "publish"
  | "accept"
  | "read"
  | "give"
  | "cut"
  | "close"
  | "wait"
  | "take"
  | "ask"
  | "drain"
  | "sleep";

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.constantFrom<Step>(
    ...(["publish", "publish", "accept", "read", "give", "give", "cut", "close", "wait", "take"] as const),
    ...(["take", "ask", "drain", "sleep"] as const),
  ),
  { minLength: 20, maxLength: 120 },
);

test("whatever the order of openings, losses, messages and time: delivered and told gaps are what was published, in order; all settles", async () => {
  fakeTime();
  await fc.assert(
    fc.asyncProperty(
      steps,
      fc.integer({ min: 3, max: 30 }),
      fc.integer({ min: 2, max: 9 }),
      async (plan, kept, max) => {
        vi.clearAllTimers();
        const model = new Model(kept);
        const sockets = fakeSockets();
        const client = createClient<typeof chat>("ws://test/", { WebSocket: sockets.WebSocket });
        const subscription = client.subscribe("said", { max });
        const loop = subscription[Symbol.asyncIterator]();
        let position: number | undefined;
        let isTaking = false;
        let asked = 0;
        let outcomes = 0;
        const take = async (): Promise<void> => {
          isTaking = true;
          const next = await loop.next().catch((error: unknown) => error);
          isTaking = false;
          if (next instanceof GapError) {
            const after = Number(next.gap.after?.slice(2));
            if (position !== undefined) expect(after).toBe(position);
            position = after + Number(next.gap.missed);
          } else {
            const { done, value } = next as IteratorResult<{ text: string }>;
            if (done) return;
            const sequence = Number(value.text);
            // No hole that was not told, nothing twice, nothing out of its order.
            if (position !== undefined) expect(sequence).toBe(position + 1);
            position = sequence;
          }
        };
        const run = async (step: Step): Promise<void> => {
          const live = sockets.all.filter(
            ({ readyState, closedWith }) => readyState < 2 && closedWith === undefined,
          );
          const socket = live[0];
          if (step === "publish") model.publish();
          else if (step === "accept") live.map((each) => model.accept(each));
          else if (step === "read") live.map((each) => model.read(each));
          else if (step === "give") live.map((each) => model.give(each, 3));
          else if (step === "cut") socket?.drop();
          else if (step === "close") socket?.drop(1012);
          else if (step === "wait") await vi.advanceTimersByTimeAsync(700);
          else if (step === "sleep") vi.setSystemTime(Date.now() + 40_000);
          else if (step === "drain") {
            if (socket?.readyState === 1) socket.tell({ method: "$/drain", params: { within: 100 } });
            await vi.advanceTimersByTimeAsync(50);
          } else if (step === "take" && !isTaking) void take();
          else if (step === "ask") {
            asked += 1;
            const options = asked % 2 ? { key: `k${asked}` } : {};
            const count = (): void => {
              outcomes += 1;
            };
            client.request("say", { text: `${asked}` }, options).then(count, count);
          }
          await settled();
        };
        for (const step of plan) await run(step);
        // Then everything goes well.
        for (let turn = 0; turn < 400 && (position ?? 0) < model.published; turn += 1) {
          for (const step of ["accept", "read", "give", "take", "wait"] as const) await run(step);
          if (position === undefined && turn > 60) break;
        }
        if (position !== undefined) expect(position).toBe(model.published);
        client.close();
        await settled();
        expect(outcomes).toBe(asked);
        expect(vi.getTimerCount()).toBe(0);
        const keyless = model.ran.filter((text) => Number(text) % 2 === 0);
        expect(new Set(keyless).size).toBe(keyless.length);
      },
    ),
    { numRuns: 150 },
  );
});
