import { expect, test, vi } from "vitest";
import { answer, event, greeted, type Made } from "./channel/client.fixture.js";
import { fakeTime, settled } from "./fake-socket.fixture.js";
import { type Live, live, type Snapshot } from "./live.js";

interface Shown extends Made {
  readonly texts: Live<string[]>;
  readonly snapshot: ReturnType<typeof vi.fn<(signal: AbortSignal) => Promise<Snapshot<string[]>>>>;
  /** Answers the oldest snapshot that is asked for. */
  readonly give: (value: string[], position: string) => Promise<void>;
  readonly changes: () => number;
  readonly stop: () => void;
}

async function shown(): Promise<Shown> {
  fakeTime({ random: 0 });
  const both = await greeted();
  const waiting: ((found: Snapshot<string[]>) => void)[] = [];
  const snapshot = vi.fn<(signal: AbortSignal) => Promise<Snapshot<string[]>>>(
    () => new Promise((resolve) => waiting.push(resolve)),
  );
  const texts = live(both.client, "said", { snapshot, reduce: (all, { text }) => [...all, text] });
  let changes = 0;
  const stop = texts.subscribe(() => {
    changes += 1;
  });
  answer(both, "$/subscribe", { at: "e.0", recovered: true, resumable: true });
  await settled();
  const give = async (value: string[], position: string): Promise<void> => {
    waiting.shift()?.({ value, position });
    await settled();
  };
  return { ...both, texts, snapshot, give, changes: () => changes, stop };
}

test("the topic is joined first; what the snapshot holds already is not applied a second time", async () => {
  const made = await shown();
  expect([made.texts.status, made.texts.value]).toEqual(["loading", undefined]);
  for (const sequence of [1, 2, 3]) event(made, sequence);
  await settled();
  await made.give(["1", "2"], "e.2");
  expect([made.texts.status, made.texts.value]).toEqual(["live", ["1", "2", "3"]]);
  event(made, 4);
  await settled();
  expect(made.texts.value).toEqual(["1", "2", "3", "4"]);
});

test("at a gap the value is fetched anew, and is stale until then", async () => {
  const made = await shown();
  await made.give([], "e.0");
  event(made, 5);
  await settled();
  expect([made.texts.status, made.texts.value]).toEqual(["stale", []]);
  await made.give(["all"], "e.4");
  expect([made.texts.status, made.texts.value]).toEqual(["live", ["all", "5"]]);
});

test("a gap while it is fetched begins the fetch again, and the first one is of no account", async () => {
  const made = await shown();
  event(made, 5);
  await settled();
  expect(made.snapshot.mock.calls.map(([signal]) => signal.aborted)).toEqual([true, false]);
  await made.give(["old"], "e.0");
  expect(made.texts.status).toBe("loading");
  await made.give(["new"], "e.5");
  expect([made.texts.status, made.texts.value]).toEqual(["live", ["new"]]);
});

test("while there is no connection it is stale, and live again when the topic has been resumed", async () => {
  const made = await shown();
  await made.give(["1"], "e.0");
  made.sockets.last.drop();
  await settled();
  expect(made.texts.status).toBe("stale");
  await vi.advanceTimersByTimeAsync(1_000);
  made.sockets.last.open();
  made.sockets.last.hello();
  await settled();
  expect([made.texts.status, made.snapshot.mock.calls.length]).toEqual(["live", 1]);
});

test("a snapshot that fails is fetched again, later and later, and the error is there meanwhile", async () => {
  const made = await shown();
  made.stop();
  made.snapshot.mockRejectedValueOnce(new Error("one")).mockRejectedValueOnce(new Error("two"));
  const stop = made.texts.subscribe(() => {});
  answer(made, "$/unsubscribe", null);
  answer(made, "$/subscribe", { at: "e.0", recovered: true, resumable: true });
  await settled();
  expect(made.texts.error).toEqual(new Error("one"));
  await vi.advanceTimersByTimeAsync(1_000);
  expect(made.texts.error).toEqual(new Error("two"));
  await vi.advanceTimersByTimeAsync(1_999);
  expect(made.snapshot).toHaveBeenCalledTimes(3);
  await vi.advanceTimersByTimeAsync(1);
  await made.give([], "e.0");
  await made.give([], "e.0");
  expect([made.texts.error, made.texts.status]).toEqual([undefined, "live"]);
  stop();
});

test("what fails after it was given up is nobody's", async () => {
  const made = await shown();
  let fail: (error: Error) => void = () => {};
  made.snapshot.mockImplementationOnce(() => new Promise((_resolve, reject) => (fail = reject)));
  event(made, 5);
  await settled();
  event(made, 9);
  await settled();
  fail(new Error("late"));
  await settled();
  expect(made.texts.error).toBeUndefined();
});

test("more messages than are kept while it is fetched begin the fetch again", async () => {
  const made = await shown();
  for (let sequence = 1; sequence <= 1_025; sequence += 1) event(made, sequence);
  await settled();
  expect(made.snapshot).toHaveBeenCalledTimes(2);
});

test("a snapshot of another epoch takes all that came since", async () => {
  const made = await shown();
  event(made, 1);
  await settled();
  await made.give(["x"], "other.9");
  expect(made.texts.value).toEqual(["x", "1"]);
});

test("a message that is on its way when the last listener goes is nobody's", async () => {
  const made = await shown();
  event(made, 1);
  made.stop();
  await settled();
  expect(made.texts.value).toBeUndefined();
});

test("it begins with the first listener and ends with the last", async () => {
  const made = await shown();
  const second = made.texts.subscribe(() => {});
  expect(made.sockets.last.framesOf("$/subscribe")).toHaveLength(1);
  second();
  second();
  await made.give(["1"], "e.0");
  const before = made.changes();
  made.stop();
  expect(made.sockets.last.framesOf("$/unsubscribe")).toHaveLength(1);
  event(made, 1);
  await settled();
  expect([made.changes() - before, made.texts.status]).toEqual([0, "stale"]);
});

test("a topic that the server ends, or refuses, is stale for good, and says why", async () => {
  const made = await shown();
  await made.give(["1"], "e.1");
  const params = { topic: "said", code: -32001, message: "revoked" };
  made.sockets.last.tell({ method: "$/ended", params });
  await settled();
  expect(made.texts).toMatchObject({ status: "stale", value: ["1"], error: { message: "revoked" } });
  await vi.advanceTimersByTimeAsync(60_000);
  expect([made.snapshot.mock.calls.length, made.texts.status]).toEqual([1, "stale"]);
});

test("what the server ends while it is fetched is not fetched any more", async () => {
  const made = await shown();
  made.sockets.last.drop(4403, "blocked");
  await settled();
  await made.give(["1"], "e.1");
  await vi.advanceTimersByTimeAsync(60_000);
  expect([made.texts.status, made.snapshot.mock.calls[0]?.[0].aborted]).toEqual(["loading", true]);
  expect(made.texts).toMatchObject({ value: undefined, error: { code: "ERR_WS_CLOSED" } });
  expect(made.snapshot).toHaveBeenCalledTimes(1);
});
