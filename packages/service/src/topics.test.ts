import type { Topic } from "@ws/broadcast";
import { channel } from "@ws/contract";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import {
  broadcastOf,
  deferred,
  type Frame,
  greeted,
  served,
  until,
  type WireClient,
} from "./client.fixture.js";
import { implement } from "./index.js";

const said = z.object({ n: z.number() });
const who = z.object({ name: z.string() });
const news = channel("/news/<int:room>/", {
  requests: { say: { input: said } },
  topics: {
    said,
    quick: said,
    "price/<slug:symbol>": said,
    "page/<int:n>": said,
    hidden: said,
    same: said,
    revocable: said,
    waiting: said,
    bad: said,
    "seat/<int:n>": { message: said, presence: who },
  },
});

interface Newsroom {
  readonly client: WireClient;
  readonly topic: (name: string) => Topic<typeof said>;
  readonly connect: (room?: number) => Promise<WireClient>;
  readonly errors: unknown[];
  readonly until: AbortController;
  readonly gate: { readonly promise: Promise<void>; readonly resolve: () => void };
  readonly asked: string[];
}

async function newsroom(): Promise<Newsroom> {
  const broadcast = broadcastOf();
  const history = { size: 100, ttl: 60_000 };
  const topic = (name: string) => broadcast.topic(name, said, { history });
  const errors: unknown[] = [];
  const revoking = new AbortController();
  const gate = deferred();
  const asked: string[] = [];
  const route = implement(
    news,
    {
      requests: {
        say: (message, { params, socket }) =>
          topic(`room.${params.room}`).publish(message, { except: socket }),
      },
      topics: {
        said: (_, { params }) => topic(`room.${params.room}`),
        quick: () => broadcast.topic("quick", said),
        "price/<slug:symbol>": ({ symbol }) => topic(`price.${symbol}`),
        "page/<int:n>": ({ n }) => topic(`page.${n}`),
        hidden: () => undefined,
        same: (_, { params }) => topic(`room.${params.room}`),
        revocable: () => ({ topic: topic("revocable"), until: revoking.signal }),
        waiting: async (_, { signal }) => {
          asked.push("waiting");
          signal.addEventListener("abort", () => asked.push("left"));
          await gate.promise;
          return topic("waiting");
        },
        bad: () => 5 as never,
        "seat/<int:n>": ({ n }, { params }) => ({
          topic: topic(`seat.${n}`),
          as: { name: `ann ${params.room}` },
        }),
      },
    },
    { onError: (error, { method }) => errors.push([method, String(error)]) },
  );
  const server = await served([route]);
  const connect = (room = 5): Promise<WireClient> => greeted(server, `/news/${room}/`);
  return { client: await connect(), topic, connect, errors, until: revoking, gate, asked };
}

const event = (topic: string, at: string, n: number): Frame => ({
  method: "$/event",
  params: { topic, at, data: { n } },
});

/** The epoch of a position. */
function epochOf(frame: Frame): string {
  return String((frame.result as { at: string }).at).replace(/\.\d+$/, "");
}

describe("a subscription", () => {
  test("is answered with where the topic stands, also an empty one, and gets what is published from then on", async () => {
    const { client, topic } = await newsroom();
    const reply = await client.request("$/subscribe", { topic: "said" });
    expect(reply).toEqual({
      id: 1,
      result: { at: expect.stringMatching(/^[0-9a-z]{8}\.0$/), recovered: true, resumable: true },
    });
    await topic("room.5").publish({ n: 1 });
    await topic("room.6").publish({ n: 2 });
    await topic("room.5").publish({ n: 3 });
    const epoch = epochOf(reply);
    expect(await client.frames(2)).toEqual([event("said", `${epoch}.1`, 1), event("said", `${epoch}.2`, 3)]);
  });

  test("has the bytes of a delivery as they are written down", async () => {
    const { client, topic } = await newsroom();
    const epoch = epochOf(await client.request("$/subscribe", { topic: "price/AAPL" }));
    await topic("price.AAPL").publish({ n: 2 });
    expect(await client.session.receiveText()).toBe(
      `{"jsonrpc":"2.0","method":"$/event","params":{"topic":"price/AAPL","at":"${epoch}.1","data":{"n":2}}}`,
    );
  });

  test("that comes back from a position gets what it missed, then the reply, then what is published", async () => {
    const { client, topic, connect } = await newsroom();
    const epoch = epochOf(await client.request("$/subscribe", { topic: "said" }));
    await client.session.close();
    for (const n of [1, 2, 3]) await topic("room.5").publish({ n });
    const back = await connect();
    await back.ask("$/subscribe", { topic: "said", from: `${epoch}.1` });
    expect(await back.frames(3)).toEqual([
      event("said", `${epoch}.2`, 2),
      event("said", `${epoch}.3`, 3),
      { id: 1, result: { at: `${epoch}.3`, recovered: true, resumable: true } },
    ]);
    await topic("room.5").publish({ n: 4 });
    expect(await back.next()).toEqual(event("said", `${epoch}.4`, 4));
  });

  test("from a position that is gone is told a gap before the reply", async () => {
    const { client } = await newsroom();
    await client.ask("$/subscribe", { topic: "said", from: "0ther0ne.41" });
    expect(await client.frames(2)).toEqual([
      { method: "$/gap", params: { topic: "said", reason: "history", missed: null, after: "0ther0ne.41" } },
      { id: 1, result: { at: expect.stringMatching(/\.0$/), recovered: false, resumable: true } },
    ]);
  });

  test("to a topic without a history can't be resumed", async () => {
    const { client } = await newsroom();
    expect((await client.request("$/subscribe", { topic: "quick" })).result).toMatchObject({
      recovered: true,
      resumable: false,
    });
    await client.request("$/unsubscribe", { topic: "quick" });
    expect((await client.request("$/subscribe", { topic: "quick", from: "a.1" })).result).toMatchObject({
      recovered: false,
      resumable: false,
    });
  });

  test("is told the position of a message that was not for it, so that it sees no hole", async () => {
    const { client, topic, connect } = await newsroom();
    const epoch = epochOf(await client.request("$/subscribe", { topic: "said" }));
    const other = await connect();
    await other.request("$/subscribe", { topic: "said" });
    await client.ask("say", { n: 1 });
    await topic("room.5").publish({ n: 2 });
    expect(await client.frames(3)).toEqual(
      expect.arrayContaining([
        { method: "$/event", params: { topic: "said", at: `${epoch}.1` } },
        { id: 2, result: null },
        event("said", `${epoch}.2`, 2),
      ]),
    );
    expect(await other.frames(2)).toEqual([event("said", `${epoch}.1`, 1), event("said", `${epoch}.2`, 2)]);
  });

  test("ends with unsubscribe, whose reply is the fence: nothing of the topic comes behind it", async () => {
    const { client, topic } = await newsroom();
    const epoch = epochOf(await client.request("$/subscribe", { topic: "said" }));
    const publishing = Array.from({ length: 20 }, (_, n) => topic("room.5").publish({ n }));
    await client.ask("$/unsubscribe", { topic: "said" });
    await Promise.all(publishing);
    const frames: Frame[] = [];
    do frames.push(await client.next());
    while (frames.at(-1)?.id === undefined);
    expect(frames.at(-1)).toEqual({ id: 2, result: null });
    await topic("room.5").publish({ n: 99 });
    expect(await client.request("$/ping")).toEqual({ id: 3, result: null });
    await client.ask("$/subscribe", { topic: "said", from: `${epoch}.${frames.length - 1}` });
    expect(await client.next()).toEqual(
      event("said", `${epoch}.${frames.length}`, frames.length === 21 ? 99 : frames.length - 1),
    );
  });

  test("that nobody has is unsubscribed from all the same", async () => {
    const { client } = await newsroom();
    expect(await client.request("$/unsubscribe", { topic: "said" })).toEqual({ id: 1, result: null });
    expect((await client.request("$/unsubscribe", {})).error?.code).toBe(-32602);
    expect((await client.request("$/unsubscribe")).error?.code).toBe(-32602);
  });

  test("that is left while its handler still thinks is answered as cancelled", async () => {
    const { client, gate, asked } = await newsroom();
    await client.ask("$/subscribe", { topic: "waiting" });
    expect(await client.request("$/unsubscribe", { topic: "waiting" })).toEqual({ id: 2, result: null });
    expect(asked).toEqual(["waiting", "left"]);
    gate.resolve();
    expect(await client.next()).toEqual({ id: 1, error: { code: -32800, message: "unsubscribed" } });
  });

  test("ends when its grant does, and the client is told", async () => {
    const { client, topic, until: revoking } = await newsroom();
    await client.request("$/subscribe", { topic: "revocable" });
    revoking.abort();
    expect(await client.next()).toEqual({
      method: "$/ended",
      params: { topic: "revocable", code: -32001, message: "revoked" },
    });
    await topic("revocable").publish({ n: 1 });
    expect((await client.request("$/subscribe", { topic: "revocable" })).error?.code).toBe(-32001);
  });
});

describe("a subscription is refused", () => {
  test.each([
    ["that the handler does not give", { topic: "hidden" }, -32001],
    ["that the channel does not have", { topic: "nothing" }, -32602],
    ["by a name that is not written so", { topic: "page/007" }, -32602],
    ["by the pattern itself", { topic: "price/<slug:symbol>" }, -32602],
    ["of an empty name", { topic: "" }, -32602],
    ["of a name that is too long", { topic: `price/${"x".repeat(300)}` }, -32602],
    ["without a name", {}, -32602],
    ["from what is no position", { topic: "said", from: "yesterday" }, -32602],
    ["from a position that is a number", { topic: "said", from: 41 }, -32602],
    ["with a presence that is none", { topic: "seat/1", presence: 1 }, -32602],
    ["with the presence of a topic that has none", { topic: "said", presence: true }, -32602],
    ["whose handler gives something else", { topic: "bad" }, -32603],
  ])("to a topic %s", async (_, params, code) => {
    const { client, errors } = await newsroom();
    expect((await client.request("$/subscribe", params)).error?.code).toBe(code);
    expect(errors).toHaveLength(code === -32603 ? 1 : 0);
    expect((await client.request("$/subscribe", { topic: "said" })).error).toBeUndefined();
  });

  test("a second time, by the same name or by another of the same topic", async () => {
    const { client, topic } = await newsroom();
    await client.request("$/subscribe", { topic: "said" });
    const again = { code: -32600, message: "the topic is subscribed to already" };
    expect((await client.request("$/subscribe", { topic: "said" })).error).toEqual(again);
    expect((await client.request("$/subscribe", { topic: "same" })).error).toEqual({
      code: -32600,
      message: '"same" is what "said" is, which is subscribed to already',
    });
    await topic("room.5").publish({ n: 1 });
    expect((await client.next()).params).toMatchObject({ topic: "said" });
  });

  test("above 256 of one connection", async () => {
    const { client } = await newsroom();
    for (let count = 0; count < 257; count += 1) await client.ask("$/subscribe", { topic: `page/${count}` });
    const frames = await client.frames(257);
    expect(frames.filter(({ error }) => error !== undefined)).toEqual([
      { id: 257, error: { code: -32000, message: "expected at most 256 topics of one connection" } },
    ]);
    await client.request("$/unsubscribe", { topic: "page/0" });
    expect((await client.request("$/subscribe", { topic: "said" })).error).toBeUndefined();
  });
});

describe("presence", () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval"] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  interface Change {
    readonly joined?: { readonly id: string; readonly as: unknown }[];
    readonly left?: string[];
  }

  /** The next change that the client is told, and after how many ms. */
  async function change(client: WireClient): Promise<readonly [Change, number]> {
    const next = client.next();
    const ms = await advance(next);
    return [(await next).params as Change, ms];
  }

  /** One who asks who is there, and another who came. */
  async function seats(): Promise<{ room: Newsroom; bob: WireClient; id: string }> {
    const room = await newsroom();
    await room.client.ask("$/subscribe", { topic: "seat/1", presence: true });
    const [, list] = await room.client.frames(2);
    expect(list).toEqual({
      method: "$/presence",
      params: { topic: "seat/1", members: [{ id: expect.any(String), as: { name: "ann 5" } }] },
    });
    const bob = await room.connect(6);
    await bob.request("$/subscribe", { topic: "seat/1" });
    await until(() => vi.getTimerCount() > 0);
    const [{ joined = [] }] = await change(room.client);
    expect(joined).toEqual([{ id: expect.any(String), as: { name: "ann 6" } }]);
    return { room, bob, id: String(joined[0]?.id) };
  }

  test("gives the list, then who came; one who was lost is told 5 s later", async () => {
    const { room, bob, id } = await seats();
    bob.session.terminate();
    const [gone, ms] = await change(room.client);
    expect(gone).toEqual({ topic: "seat/1", left: [id] });
    expect(ms).toBeGreaterThanOrEqual(5_000);
  });

  test("one who was lost and comes back takes his own place", async () => {
    const { room, bob, id } = await seats();
    bob.session.terminate();
    const again = await room.connect(6);
    await again.request("$/subscribe", { topic: "seat/1" });
    const [back, ms] = await change(room.client);
    expect(back).toMatchObject({ joined: [{ as: { name: "ann 6" } }], left: [id] });
    expect(ms).toBeLessThan(5_000);
  });

  test("one who leaves the topic for a moment takes his own place, too", async () => {
    const { room, bob, id } = await seats();
    await bob.request("$/unsubscribe", { topic: "seat/1", returning: true });
    await bob.request("$/subscribe", { topic: "seat/1" });
    const [back] = await change(room.client);
    expect(back).toMatchObject({ joined: [{ as: { name: "ann 6" } }], left: [id] });
  });

  test.each<[string, (client: WireClient) => Promise<unknown>]>([
    ["leaves the topic", (client) => client.request("$/unsubscribe", { topic: "seat/1" })],
    ["closes its connection", (client) => client.session.close()],
  ])("one who %s is told to have left at once", async (_, leave) => {
    const { room, bob, id } = await seats();
    await leave(bob);
    const [gone, ms] = await change(room.client);
    expect(gone).toEqual({ topic: "seat/1", left: [id] });
    expect(ms).toBeLessThan(5_000);
  });
});

/** Lets the clock go on, turn by turn, until that has come; gives by how many ms. */
async function advance(promise: Promise<unknown>): Promise<number> {
  let isDone = false;
  let ms = 0;
  void promise.then(() => {
    isDone = true;
  });
  while (!isDone) {
    await new Promise((resolve) => setImmediate(resolve));
    if (isDone) break;
    await vi.advanceTimersByTimeAsync(10);
    ms += 10;
  }
  return ms;
}
