import { expect, test, vi } from "vitest";
import { fakeTime, settled } from "../fake-socket.fixture.js";
import { type Gap, GapError, type Subscription } from "../index.js";
import { answer, event, fail, greeted, type Made, made } from "./client.fixture.js";

const joined = { at: "e.0", recovered: true, resumable: true };

/** Takes what has come so far: texts of messages, reasons of gaps. */
async function taken(
  subscription: Subscription<{ text: string }, unknown>,
  count: number,
): Promise<unknown[]> {
  const loop = subscription[Symbol.asyncIterator]();
  const found: unknown[] = [];
  for (let turn = 0; turn < count; turn += 1) {
    const next = await loop.next().catch((error: unknown) => error);
    if (next instanceof GapError) found.push([next.gap.reason, next.gap.missed, next.gap.after]);
    else if (next instanceof Error) throw next;
    else found.push((next as IteratorResult<{ text: string }>).value?.text);
  }
  return found;
}

/** Loses the connection, and opens the next one without a hello. */
async function reconnected(both: Made): Promise<void> {
  both.sockets.last.drop();
  await vi.advanceTimersByTimeAsync(30_000 - 1);
  both.sockets.last.open();
}

function subscribed({ sockets }: Made): unknown[] {
  return sockets.last.framesOf("$/subscribe").map(({ params }) => params);
}

test("a topic is joined as soon as a socket is open, without waiting for the hello", async () => {
  const both = made();
  const subscription = both.client.subscribe("said");
  both.client.subscribe("price/AAPL");
  await settled();
  both.sockets.last.open();
  expect(subscribed(both)).toEqual([{ topic: "said" }, { topic: "price/AAPL" }]);
  expect(subscription.position).toBeUndefined();
  both.sockets.last.tell({ id: 1, result: joined });
  expect(await subscription.joined).toEqual({ recovered: true });
  expect(subscription.position).toBe("e.0");
});

test("each message comes once, in order, and the position is that of the last one that was taken", async () => {
  const both = await greeted();
  const subscription = both.client.subscribe("said");
  answer(both, "$/subscribe", joined);
  for (const sequence of [1, 2, 2, 1, 3]) event(both, sequence);
  expect(subscription.position).toBe("e.0");
  expect(await taken(subscription, 2)).toEqual(["1", "2"]);
  expect(subscription.position).toBe("e.2");
  expect(await taken(subscription, 1)).toEqual(["3"]);
});

test("after a loss it resumes from its position; what comes twice is handed out once", async () => {
  fakeTime({ random: 0 });
  const both = await greeted();
  const subscription = both.client.subscribe("said");
  answer(both, "$/subscribe", joined);
  event(both, 1);
  await reconnected(both);
  expect(subscribed(both)).toEqual([{ topic: "said", from: "e.1" }]);
  for (const sequence of [1, 2, 3]) event(both, sequence);
  answer(both, "$/subscribe", { at: "e.3", recovered: true, resumable: true });
  event(both, 4);
  expect(await taken(subscription, 4)).toEqual(["1", "2", "3", "4"]);
});

test("the first quiet reconnect is whole: an empty topic has a position", async () => {
  fakeTime({ random: 0 });
  const both = await greeted();
  const subscription = both.client.subscribe("said");
  answer(both, "$/subscribe", joined);
  await reconnected(both);
  expect(subscribed(both)).toEqual([{ topic: "said", from: "e.0" }]);
  event(both, 1);
  expect(await taken(subscription, 1)).toEqual(["1"]);
});

test("a jump that nobody told is a gap, and so is another epoch", async () => {
  const both = await greeted();
  const subscription = both.client.subscribe("said");
  answer(both, "$/subscribe", joined);
  event(both, 1);
  event(both, 5);
  both.sockets.last.tell({
    method: "$/event",
    params: { topic: "said", at: "other.1", data: { text: "anew" } },
  });
  expect(await taken(subscription, 5)).toEqual([
    "1",
    ["lost", 3, "e.1"],
    "5",
    ["epoch", undefined, "e.5"],
    "anew",
  ]);
});

test("a gap that the server told is told once, in its place", async () => {
  fakeTime({ random: 0 });
  const both = await greeted();
  const subscription = both.client.subscribe("said");
  answer(both, "$/subscribe", joined);
  event(both, 1);
  await reconnected(both);
  const gap = { topic: "said", reason: "history", missed: null, after: "e.1" };
  both.sockets.last.tell({ method: "$/gap", params: gap });
  event(both, 40);
  answer(both, "$/subscribe", { at: "e.40", recovered: false, resumable: true });
  event(both, 41);
  both.sockets.last.tell({ method: "$/gap", params: { ...gap, reason: "interrupted", missed: 2 } });
  event(both, 44);
  expect(await taken(subscription, 6)).toEqual([
    "1",
    ["history", undefined, "e.1"],
    "40",
    "41",
    ["interrupted", 2, "e.41"],
    "44",
  ]);
});

test("a reply that is further on than the last message is a gap as well", async () => {
  fakeTime({ random: 0 });
  const both = await greeted();
  const subscription = both.client.subscribe("said");
  answer(both, "$/subscribe", joined);
  await reconnected(both);
  answer(both, "$/subscribe", { at: "e.2", recovered: true, resumable: true });
  event(both, 3);
  expect(await taken(subscription, 2)).toEqual([["lost", 2, "e.0"], "3"]);
});

test("a topic that can't be resumed is never silent: a reconnect is told as an interruption", async () => {
  fakeTime({ random: 0 });
  const both = await greeted();
  const subscription = both.client.subscribe("said");
  answer(both, "$/subscribe", { ...joined, resumable: false });
  await reconnected(both);
  answer(both, "$/subscribe", { at: "e.7", recovered: false, resumable: false });
  event(both, 8);
  expect(await taken(subscription, 2)).toEqual([["interrupted", undefined, "e.0"], "8"]);
});

test("the messages of two publishers who each count for themselves are no gap, where a topic keeps nothing", async () => {
  const both = await greeted();
  const subscription = both.client.subscribe("said");
  answer(both, "$/subscribe", { ...joined, resumable: false });
  for (const at of ["a.7", "b.1", "a.8", "b.2"]) {
    both.sockets.last.tell({ method: "$/event", params: { topic: "said", at, data: { text: at } } });
  }
  expect(await taken(subscription, 4)).toEqual(["a.7", "b.1", "a.8", "b.2"]);
});

test("with onGap the loop goes on by itself", async () => {
  const both = await greeted();
  const gaps: Gap[] = [];
  const subscription = both.client.subscribe("said", { onGap: (gap) => gaps.push(gap) });
  answer(both, "$/subscribe", joined);
  event(both, 3);
  expect(await taken(subscription, 1)).toEqual(["3"]);
  expect(gaps).toEqual([{ reason: "lost", missed: 2, after: "e.0" }]);
});

test("callbacks get messages and gaps in order, and are not queued", async () => {
  const both = await greeted();
  const told: unknown[] = [];
  const subscription = both.client.subscribe("said", {
    max: 1,
    onMessage: ({ text }, at) => told.push([text, at]),
    onGap: ({ missed }) => told.push(missed),
  });
  answer(both, "$/subscribe", joined);
  for (const sequence of [1, 2, 5]) event(both, sequence);
  await settled();
  expect(told).toEqual([["1", "e.1"], ["2", "e.2"], 2, ["5", "e.5"]]);
  expect(subscription.position).toBe("e.5");
});

test("that a topic has been joined is told each time, behind what was missed", async () => {
  fakeTime({ random: 0 });
  const both = await greeted();
  const seen: unknown[] = [];
  both.client.subscribe("said", {
    onMessage: ({ text }) => seen.push(text),
    onGap: ({ reason }) => seen.push(reason),
    onJoined: ({ recovered }) => seen.push(recovered),
  });
  answer(both, "$/subscribe", joined);
  event(both, 1);
  await settled();
  await reconnected(both);
  both.sockets.last.hello();
  event(both, 2);
  both.sockets.last.tell({ method: "$/gap", params: { topic: "said", reason: "history", missed: 1 } });
  event(both, 4);
  answer(both, "$/subscribe", { at: "e.4", recovered: false, resumable: true });
  event(both, 5);
  await settled();
  expect(seen).toEqual([true, "1", "2", "history", "4", false, "5"]);
});

test("a stored position is given back as from, and one that is none is refused", async () => {
  const both = await greeted();
  expect(() => both.client.subscribe("said", { from: "nowhere" })).toThrow("expected from to be a position");
  const subscription = both.client.subscribe("said", { from: "e.4" });
  expect(subscribed(both)).toEqual([{ topic: "said", from: "e.4" }]);
  expect(subscription.position).toBe("e.4");
  event(both, 5);
  answer(both, "$/subscribe", { at: "e.5", recovered: true, resumable: true });
  expect(await taken(subscription, 1)).toEqual(["5"]);
});

test("a topic subscribed twice shares one membership, which ends with the last", async () => {
  const both = await greeted();
  const first = both.client.subscribe("said");
  const second = both.client.subscribe("said");
  answer(both, "$/subscribe", joined);
  expect(await second.joined).toEqual({ recovered: true });
  const third = both.client.subscribe("said");
  expect([await third.joined, third.position]).toEqual([{ recovered: true }, "e.0"]);
  event(both, 1);
  for (const subscription of [first, second, third]) expect(await taken(subscription, 1)).toEqual(["1"]);
  expect(subscribed(both)).toHaveLength(1);
  first.unsubscribe();
  second.unsubscribe();
  first.unsubscribe();
  expect(both.sockets.last.framesOf("$/unsubscribe")).toEqual([]);
  third.unsubscribe();
  expect(both.sockets.last.framesOf("$/unsubscribe").map(({ params }) => params)).toEqual([
    { topic: "said" },
  ]);
});

test("who wanted to begin before a shared membership is told so", async () => {
  const both = await greeted();
  both.client.subscribe("said");
  answer(both, "$/subscribe", joined);
  event(both, 1);
  const same = both.client.subscribe("said", { from: "e.1" });
  const earlier = both.client.subscribe("said", { from: "e.0" });
  expect(await Promise.all([same.joined, earlier.joined])).toMatchObject([{}, { recovered: false }]);
  event(both, 2);
  expect(await taken(same, 1)).toEqual(["2"]);
  expect(await taken(earlier, 2)).toEqual([["history", undefined, "e.0"], "2"]);
});

test("rejoining waits for the reply to leaving: what comes before it is stale", async () => {
  const both = await greeted();
  both.client.subscribe("said").unsubscribe();
  const again = both.client.subscribe("said");
  event(both, 7);
  expect(subscribed(both)).toHaveLength(1);
  answer(both, "$/unsubscribe", null);
  expect(subscribed(both)).toHaveLength(2);
  answer(both, "$/subscribe", { at: "e.9", recovered: true, resumable: true });
  event(both, 10);
  expect(await taken(again, 1)).toEqual(["10"]);
});

test("an answer to a join that was given up, which comes after the topic was joined anew, ends nothing", async () => {
  const both = await greeted();
  both.client.subscribe("said").unsubscribe();
  const again = both.client.subscribe("said");
  const [first] = both.sockets.last.framesOf("$/subscribe");
  answer(both, "$/unsubscribe", null);
  // The topic's handler thought about the first one until now.
  both.sockets.last.tell({ id: first?.id, error: { code: -32800, message: "unsubscribed" } });
  answer(both, "$/subscribe", joined);
  expect(await again.joined).toEqual({ recovered: true });
  event(both, 1);
  expect(await taken(again, 1)).toEqual(["1"]);
});

test("a topic that was left while it was joined or while there is no connection leaves nothing behind", async () => {
  fakeTime({ random: 0 });
  const both = await greeted();
  const subscription = both.client.subscribe("said");
  subscription.unsubscribe();
  answer(both, "$/subscribe", joined);
  await reconnected(both);
  expect(subscribed(both)).toEqual([]);
  both.sockets.last.drop();
  both.client.subscribe("said").unsubscribe();
  await vi.advanceTimersByTimeAsync(5_000);
  both.sockets.last.open();
  expect(subscribed(both)).toEqual([]);
  await expect(subscription.joined).rejects.toThrow("unsubscribed");
});

test("break out of the only loop, its signal and await using end a subscription", async () => {
  const both = await greeted();
  const controller = new AbortController();
  const broken = both.client.subscribe("said");
  const signalled = both.client.subscribe("price/a", { signal: controller.signal });
  {
    await using used = both.client.subscribe("price/b");
    void used;
  }
  answer(both, "$/subscribe", joined);
  controller.abort();
  const [one, other] = [broken[Symbol.asyncIterator](), broken[Symbol.asyncIterator]()];
  await one.return?.();
  expect(both.sockets.last.framesOf("$/unsubscribe").map(({ params }) => params?.["topic"])).toEqual([
    "price/b",
    "price/a",
  ]);
  await other.return?.();
  expect(both.sockets.last.framesOf("$/unsubscribe")).toHaveLength(3);
  expect(await taken(signalled, 1)).toEqual([undefined]);
  expect(() => both.client.subscribe("said", { signal: controller.signal })).toThrow();
});

test("a subscription that the server refuses or ends throws, once", async () => {
  const both = await greeted();
  const refused = both.client.subscribe("said");
  fail(both, "$/subscribe", { code: -32001, message: "not allowed" });
  await expect(refused.joined).rejects.toMatchObject({ status: -32001 });
  await expect(refused[Symbol.asyncIterator]().next()).rejects.toThrow("not allowed");
  expect(await taken(refused, 1)).toEqual([undefined]);
  const ended = both.client.subscribe("price/a");
  answer(both, "$/subscribe", joined);
  event(both, 1, "price/a");
  both.sockets.last.tell({
    method: "$/ended",
    params: { topic: "price/a", code: -32001, message: "revoked" },
  });
  expect(await taken(ended, 1)).toEqual(["1"]);
  await expect(ended[Symbol.asyncIterator]().next()).rejects.toThrow("revoked");
  ended.unsubscribe();
  expect(both.sockets.last.framesOf("$/unsubscribe")).toEqual([]);
});

test("a full queue leaves its topic, keeps its position, and comes back at half", async () => {
  const both = await greeted();
  const subscription = both.client.subscribe("said", { max: 4 });
  answer(both, "$/subscribe", joined);
  for (let sequence = 1; sequence <= 6; sequence += 1) event(both, sequence);
  const left = both.sockets.last.framesOf("$/unsubscribe").map(({ params }) => params);
  expect(left).toEqual([{ topic: "said", returning: true }]);
  answer(both, "$/unsubscribe", null);
  expect(await taken(subscription, 1)).toEqual(["1"]);
  expect(subscribed(both)).toHaveLength(1);
  expect(await taken(subscription, 1)).toEqual(["2"]);
  expect(subscribed(both).at(-1)).toEqual({ topic: "said", from: "e.4" });
  event(both, 5);
  event(both, 6);
  answer(both, "$/subscribe", { at: "e.6", recovered: true, resumable: true });
  expect(await taken(subscription, 4)).toEqual(["3", "4", "5", "6"]);
});

test("a queue that has room before it has left comes back behind the fence", async () => {
  const both = await greeted();
  const subscription = both.client.subscribe("said", { max: 2 });
  answer(both, "$/subscribe", joined);
  event(both, 1);
  event(both, 2);
  await taken(subscription, 2);
  expect(subscribed(both)).toHaveLength(1);
  answer(both, "$/unsubscribe", null);
  expect(subscribed(both)).toHaveLength(2);
});

test("a topic that is full stays left over a reconnect, and a reply in mid-replay moves nothing", async () => {
  fakeTime({ random: 0 });
  const both = await greeted();
  const subscription = both.client.subscribe("said", { max: 2, from: "e.0" });
  event(both, 1);
  event(both, 2);
  answer(both, "$/subscribe", { at: "e.9", recovered: true, resumable: true });
  await reconnected(both);
  expect(subscribed(both)).toEqual([]);
  expect(await taken(subscription, 1)).toEqual(["1"]);
  expect(subscribed(both)).toEqual([{ topic: "said", from: "e.2" }]);
});

test("a full queue of a topic that can't be resumed loses its oldest messages, and says how many", async () => {
  const both = await greeted();
  const subscription = both.client.subscribe("said", { max: 3 });
  answer(both, "$/subscribe", { ...joined, resumable: false });
  for (let sequence = 1; sequence <= 5; sequence += 1) event(both, sequence);
  event(both, 9);
  expect(both.sockets.last.framesOf("$/unsubscribe")).toEqual([]);
  event(both, 10);
  event(both, 11);
  expect(await taken(subscription, 5)).toEqual([["overflow", 5, "e.0"], ["lost", 3, "e.5"], "9", "10", "11"]);
});

test("what an overflow swallowed of a gap that can't be counted can't be counted either", async () => {
  const both = await greeted();
  const subscription = both.client.subscribe("said", { max: 2 });
  answer(both, "$/subscribe", { ...joined, resumable: false });
  both.sockets.last.tell({
    method: "$/gap",
    params: { topic: "said", reason: "interrupted", missed: null, after: "e.0" },
  });
  event(both, 1);
  event(both, 2);
  event(both, 3);
  expect(await taken(subscription, 3)).toEqual([["overflow", undefined, "e.0"], "2", "3"]);
});

test("a subscription that is full, and is given up before it has left, leaves once", async () => {
  const both = await greeted();
  const subscription = both.client.subscribe("said", { max: 1 });
  answer(both, "$/subscribe", joined);
  event(both, 1);
  subscription.unsubscribe();
  both.sockets.last.tell({ method: "$/later", params: { topic: "said" } });
  answer(both, "$/unsubscribe", null);
  expect(both.sockets.last.framesOf("$/unsubscribe")).toHaveLength(1);
});

test("a method of the protocol that is not known says nothing", async () => {
  const both = await greeted();
  const subscription = both.client.subscribe("said");
  answer(both, "$/subscribe", joined);
  both.sockets.last.tell({ method: "$/later", params: { topic: "said", at: "e.9" } });
  event(both, 1);
  expect(await taken(subscription, 1)).toEqual(["1"]);
});

test("gaps take no place in a queue, and those with no message between them are one", async () => {
  const both = await greeted();
  const subscription = both.client.subscribe("said", { max: 2 });
  answer(both, "$/subscribe", joined);
  const gap = { topic: "said", reason: "lost", missed: 2, after: "e.0" };
  for (let time = 0; time < 5; time += 1) both.sockets.last.tell({ method: "$/gap", params: gap });
  event(both, 11);
  both.sockets.last.tell({ method: "$/gap", params: { ...gap, missed: 1, after: "e.11" } });
  both.sockets.last.tell({ method: "$/gap", params: { ...gap, missed: null, after: "e.11" } });
  event(both, 13);
  expect(both.sockets.last.framesOf("$/unsubscribe")).toHaveLength(1);
  expect(await taken(subscription, 4)).toEqual([
    ["lost", 10, "e.0"],
    "11",
    ["lost", undefined, "e.11"],
    "13",
  ]);
});

test("one slow subscription of several is not waited for", async () => {
  const both = await greeted();
  const slow = both.client.subscribe("said", { max: 2 });
  const told: string[] = [];
  both.client.subscribe("said", { onMessage: ({ text }) => told.push(text), onGap: () => {} });
  answer(both, "$/subscribe", joined);
  for (let sequence = 1; sequence <= 5; sequence += 1) event(both, sequence);
  await settled();
  expect(told).toEqual(["1", "2", "3", "4", "5"]);
  expect(await taken(slow, 3)).toEqual([["overflow", 3, "e.0"], "4", "5"]);
});

test("256 topics are the most", async () => {
  const { client } = made();
  for (let index = 0; index < 256; index += 1) client.subscribe(`price/${index}`);
  expect(() => client.subscribe("said")).toThrow("too many topics 256");
  expect(client.subscribe("price/7")).toBeDefined();
});

test("members are kept, and after a reconnect only what changed is told", async () => {
  fakeTime({ random: 0 });
  const both = await greeted();
  const changes: unknown[] = [];
  const subscription = both.client.subscribe("said", {
    presence: true,
    onPresence: ({ joined: came, left }) =>
      changes.push([came.map(({ id }) => id), left.map(({ as }) => as.name)]),
  });
  expect(subscribed(both)).toEqual([{ topic: "said", presence: true }]);
  const tell = (params: object): void => {
    both.sockets.last.tell({ method: "$/presence", params: { topic: "said", ...params } });
  };
  const [ann, bob] = [
    { id: "a", as: { name: "ann" } },
    { id: "b", as: { name: "bob" } },
  ];
  tell({ members: [ann] });
  answer(both, "$/subscribe", joined);
  tell({ joined: [bob] });
  tell({ left: ["a", "z"] });
  await reconnected(both);
  tell({ members: [ann, bob] });
  tell({ members: [ann, bob] });
  await settled();
  expect(changes).toEqual([
    [["a"], []],
    [["b"], []],
    [[], ["ann"]],
    [["a"], []],
  ]);
  expect([...subscription.members]).toEqual([
    ["b", { name: "bob" }],
    ["a", { name: "ann" }],
  ]);
  tell({ joined: Array.from({ length: 1_100 }, (_, id) => ({ id: `${id}`, as: { name: "x" } })) });
  expect(subscription.members.size).toBe(1_000);
});

test("what a hostile server says of a topic moves nothing back, and holds nothing", async () => {
  const both = await greeted();
  const subscription = both.client.subscribe("said");
  answer(both, "$/subscribe", joined);
  for (const at of ["e.-1", "e.1e9", "e.", ".", "e", "", null, 7, {}]) {
    both.sockets.last.tell({ method: "$/event", params: { topic: "said", at, data: { text: "bad" } } });
  }
  both.sockets.last.tell({ method: "$/event", params: { topic: "__proto__", at: "e.1", data: {} } });
  event(both, 1);
  expect(await taken(subscription, 1)).toEqual(["1"]);
});

test("a connection that closes while a topic is being left forgets it", async () => {
  fakeTime({ random: 0 });
  const both = await greeted();
  const subscription = both.client.subscribe("said");
  answer(both, "$/subscribe", joined);
  subscription.unsubscribe();
  const again = both.client.subscribe("said");
  await reconnected(both);
  expect(subscribed(both)).toEqual([{ topic: "said" }]);
  answer(both, "$/subscribe", { at: "e.5", recovered: true, resumable: true });
  expect((await again.joined).recovered).toBe(true);
  both.client.close();
  expect(await taken(again, 1)).toEqual([undefined]);
});

test("a message that is not for this client moves its position, and is no gap", async () => {
  const both = await greeted();
  const subscription = both.client.subscribe("said");
  answer(both, "$/subscribe", joined);
  both.sockets.last.tell({ method: "$/event", params: { topic: "said", at: "e.1" } });
  event(both, 2);
  expect(await taken(subscription, 1)).toEqual(["2"]);
});

test("a topic whose position the server can't tell has one from its first message on", async () => {
  fakeTime({ random: 0 });
  const both = await greeted();
  const subscription = both.client.subscribe("said");
  answer(both, "$/subscribe", { at: null, recovered: true, resumable: false });
  await subscription.joined;
  expect(subscription.position).toBeUndefined();
  event(both, 7);
  await reconnected(both);
  answer(both, "$/subscribe", { at: null, recovered: false, resumable: false });
  event(both, 9);
  expect(await taken(subscription, 3)).toEqual(["7", ["interrupted", undefined, "e.7"], "9"]);
});

test("who asks for the members of a topic that is joined without them has it joined anew, from where it stands", async () => {
  const both = await greeted();
  const first = both.client.subscribe("said");
  answer(both, "$/subscribe", joined);
  event(both, 1);
  const second = both.client.subscribe("said", { presence: true });
  await second.joined;
  both.client.subscribe("said", { presence: true });
  answer(both, "$/unsubscribe", null);
  expect(subscribed(both)).toEqual([{ topic: "said" }, { topic: "said", from: "e.1", presence: true }]);
  event(both, 2);
  answer(both, "$/subscribe", { at: "e.2", recovered: true, resumable: true });
  expect(await taken(first, 2)).toEqual(["1", "2"]);
  expect(await taken(second, 1)).toEqual(["2"]);
});

test("who takes messages by callback is told once that nothing more comes, and why", async () => {
  const both = await greeted();
  const ends: unknown[] = [];
  const take = {
    onMessage: () => {},
    onGap: () => {},
    onEnd: (error?: Error) => void ends.push(error?.message),
  };
  const revoked = both.client.subscribe("said", take);
  answer(both, "$/subscribe", joined);
  both.sockets.last.tell({ method: "$/ended", params: { topic: "said", code: -32001, message: "revoked" } });
  await settled();
  revoked.unsubscribe();
  await settled();
  expect(ends).toEqual(["revoked"]);
  const left = both.client.subscribe("price/a", take);
  left.unsubscribe();
  left.unsubscribe();
  await settled();
  expect(ends).toEqual(["revoked", undefined]);
  both.client.subscribe("price/b", take);
  both.client.close();
  await settled();
  expect(ends).toEqual(["revoked", undefined, undefined]);
});

test("a client that the server sends away for good ends its topics with that error; one that is closed by its user does not", async () => {
  const gone = await greeted();
  const lost = gone.client.subscribe("said")[Symbol.asyncIterator]().next();
  gone.sockets.last.drop(4403, "blocked");
  await expect(lost).rejects.toMatchObject({
    code: "ERR_WS_CLOSED",
    message: expect.stringContaining("4403 blocked"),
  });
  const both = await greeted();
  const next = both.client.subscribe("said")[Symbol.asyncIterator]().next();
  both.client.close();
  expect(await next).toEqual({ done: true, value: undefined });
});
