import { expect, test, vi } from "vitest";
import { fakeTime, settled } from "../fake-socket.fixture.js";
import { answer, event, greeted, type Made } from "./client.fixture.js";

const joined = { at: "e.0", recovered: true, resumable: true };

/** A client with a topic whose server has begun to drain, and which has dialed beside. */
async function draining(): Promise<Made> {
  fakeTime();
  const both = await greeted();
  both.client.subscribe("said");
  answer(both, "$/subscribe", joined);
  both.sockets.last.tell({ method: "$/drain", params: { within: 2_000 } });
  await vi.advanceTimersByTimeAsync(1_000);
  return both;
}

test("it dials beside the open connection at a moment of its own, moves its topics, and lets the old one answer what it owes", async () => {
  fakeTime();
  const both = await greeted();
  const { client, sockets } = both;
  const heard: string[] = [];
  client.subscribe("said", { onMessage: ({ text }) => heard.push(text), onGap: () => heard.push("gap") });
  answer(both, "$/subscribe", joined);
  const owed = client.request("history");
  const [old] = sockets.all;
  old?.tell({ method: "$/drain", params: { within: 2_000 } });
  await vi.advanceTimersByTimeAsync(999);
  expect(sockets.all).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1);
  expect([sockets.all.length, client.state.phase]).toEqual([2, "open"]);
  sockets.last.open();
  expect(sockets.last.frames).toEqual([]);
  sockets.last.hello();
  expect(sockets.last.framesOf("$/subscribe")).toMatchObject([{ params: { from: "e.0" } }]);
  const asked = client.request("say", { text: "new" });
  expect([old?.framesOf("say").length, sockets.last.framesOf("say").length]).toEqual([0, 1]);
  old?.tell({ method: "$/event", params: { topic: "said", at: "e.1", data: { text: "1" } } });
  event(both, 1);
  event(both, 2);
  old?.tell({ method: "$/event", params: { topic: "said", at: "e.2", data: { text: "2" } } });
  answer(both, "$/subscribe", { at: "e.2", recovered: true, resumable: true });
  old?.tell({ method: "$/event", params: { topic: "said", at: "e.3", data: { text: "3" } } });
  event(both, 3);
  await settled();
  expect(heard).toEqual(["1", "2", "3"]);
  expect(old?.closedWith).toBeUndefined();
  old?.tell({ id: old.framesOf("history").at(-1)?.id, result: [] });
  expect([await owed, old?.closedWith]).toEqual([[], 1000]);
  answer(both, "say", { n: 1 });
  expect(await asked).toEqual({ n: 1 });
  expect(client.state.phase).toBe("open");
});

test("an old connection that never answers is closed after 10 s, and what it owed is rejected", async () => {
  const both = await draining();
  const { client, sockets } = both;
  const owed = client.request("history", undefined, { timeout: 60_000 });
  const again = client.request("say", { text: "k" }, { key: "k" });
  const failed = expect(owed).rejects.toMatchObject({ code: "ERR_WS_CONNECTION_LOST" });
  sockets.last.open();
  sockets.last.hello();
  answer(both, "$/subscribe", { at: "e.0", recovered: true, resumable: true });
  await vi.advanceTimersByTimeAsync(9_999);
  expect(sockets.all[0]?.closedWith).toBeUndefined();
  await vi.advanceTimersByTimeAsync(1);
  expect(sockets.all[0]?.closedWith).toBe(1000);
  await failed;
  expect(sockets.last.framesOf("say")).toMatchObject([{ id: "k" }]);
  answer(both, "say", { n: 1 });
  expect(await again).toEqual({ n: 1 });
});

test("an old connection that the server closes is not dialed anew", async () => {
  const both = await draining();
  void both.client.request("history").catch(() => {});
  both.sockets.last.open();
  both.sockets.last.hello();
  both.sockets.all[0]?.drop(1001);
  await vi.advanceTimersByTimeAsync(20_000);
  expect([both.sockets.all.length, both.client.state.phase]).toEqual([2, "open"]);
});

test("closed before the new one has said hello, it is an ordinary resume over that", async () => {
  const both = await draining();
  const phases: string[] = [];
  both.client.onState(({ phase }) => phases.push(phase));
  both.sockets.all[0]?.drop(1012);
  expect(both.client.state.phase).toBe("connecting");
  both.sockets.last.open();
  both.sockets.last.hello();
  await settled();
  expect([phases, both.sockets.all.length]).toEqual([["connecting", "open"], 2]);
  expect(both.sockets.last.framesOf("$/subscribe")).toMatchObject([{ params: { from: "e.0" } }]);
});

test("closed when the new one is open and has not said hello, its topics are joined over that", async () => {
  const both = await draining();
  both.sockets.last.open();
  both.sockets.all[0]?.drop(1012);
  expect(both.sockets.last.framesOf("$/subscribe")).toMatchObject([{ params: { from: "e.0" } }]);
  both.sockets.last.hello();
  expect(both.sockets.last.framesOf("$/subscribe")).toHaveLength(1);
});

test("an attempt beside that fails is made again while the old connection serves", async () => {
  const both = await draining();
  both.sockets.last.drop();
  expect(both.client.state.phase).toBe("open");
  await vi.advanceTimersByTimeAsync(500);
  expect(both.sockets.all).toHaveLength(3);
  both.sockets.last.drop(4403);
  expect(both.client.state.phase).toBe("open");
  both.sockets.all[0]?.drop(1012);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(both.sockets.all).toHaveLength(4);
});

test("closed without a hand-over, the server's window spreads the attempts", async () => {
  fakeTime();
  const both = await greeted();
  both.sockets.last.tell({ method: "$/drain", params: { within: 20_000 } });
  both.sockets.last.drop(1012);
  const { state } = both.client;
  expect(state.phase === "waiting" && state.retryAt - Date.now()).toBe(10_000);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(both.sockets.all).toHaveLength(2);
});

test("a topic that is being left stays out of the hand-over; one that is full too", async () => {
  const both = await draining();
  const leaving = both.client.subscribe("price/a");
  const full = both.client.subscribe("price/b", { max: 1 });
  event(both, 1, "price/b");
  const [old] = both.sockets.all;
  old?.tell({ id: old.framesOf("$/subscribe").at(-1)?.id, result: joined });
  old?.tell({ method: "$/event", params: { topic: "price/b", at: "e.1", data: { text: "1" } } });
  leaving.unsubscribe();
  both.sockets.last.open();
  both.sockets.last.hello();
  expect(both.sockets.last.framesOf("$/subscribe")).toMatchObject([{ params: { topic: "said" } }]);
  void full;
});

test("a window that is none is now; close ends both connections and every timer", async () => {
  fakeTime();
  const both = await greeted();
  both.sockets.last.tell({ method: "$/drain", params: { within: "soon" } });
  both.sockets.last.tell({ method: "$/drain", params: { within: 1e300 } });
  both.sockets.last.tell({ method: "$/drain", params: {} });
  await vi.advanceTimersByTimeAsync(1);
  expect(both.sockets.all).toHaveLength(2);
  both.sockets.last.tell({ method: "$/drain", params: { within: 0 } });
  await vi.advanceTimersByTimeAsync(1);
  expect(both.sockets.all).toHaveLength(2);
  both.client.close();
  expect(both.sockets.all.map(({ closedWith }) => closedWith)).toEqual([1000, 1000]);
  expect(vi.getTimerCount()).toBe(0);
});
