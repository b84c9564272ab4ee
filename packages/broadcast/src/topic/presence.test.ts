import { expect, test, vi } from "vitest";
import { z } from "zod";
import { codeOf } from "../conformance/witness.js";
import { FakeEngine, gate, settled } from "../engine/engine.fixture.js";
import { memory } from "../engines/memory/engine.js";
import { createBroadcast } from "./broadcast.js";
import { connected } from "./connection.fixture.js";

test("members lists who joined with an as, until it leaves or its connection ends", async () => {
  await using broadcast = createBroadcast({ engine: memory() });
  const topic = broadcast.topic("t", z.number());
  const names = async (): Promise<readonly unknown[]> => (await topic.members()).map(({ as }) => as);
  const [ann, bob, silent] = await Promise.all([connected(), connected(), connected()]);
  const leave = topic.join(ann.connection, { as: { name: "ann" } });
  topic.join(bob.connection, { as: null });
  topic.join(silent.connection);
  await settled();
  expect(await names()).toEqual([{ name: "ann" }, null]);
  leave();
  await settled();
  expect(await names()).toEqual([null]);
  bob.socket.end();
  await settled();
  expect(await names()).toEqual([]);
});

test("fault 221: a connection that joins twice is listed once, as it joined first", async () => {
  await using broadcast = createBroadcast({ engine: memory() });
  const topic = broadcast.topic("t", z.number());
  const { connection } = await connected();
  for (const as of ["a", "b"]) topic.join(connection, { as });
  await settled();
  const members = await topic.members();
  expect(members.map(({ as }) => as)).toEqual(["a"]);
});

test("who joins is announced at once, also where the engine is not there yet, and taken off the list after that", async () => {
  const engine = new FakeEngine();
  const [starting, entering] = [gate(), gate()];
  engine.starting = () => starting.promise;
  engine.entering = () => entering.promise;
  await using broadcast = createBroadcast({ engine });
  const leave = broadcast.topic("t", z.number()).join((await connected()).connection, { as: "ann" });
  leave();
  await settled();
  expect(engine.calls).toEqual(["start", 'enter t "ann"']);
  entering.open();
  await settled();
  expect(engine.calls).toEqual(["start", 'enter t "ann"', "leave t"]);
});

test("what the engine can't announce now is its business, and disturbs nobody", async () => {
  const engine = new FakeEngine();
  engine.entering = () => Promise.reject(new Error("down"));
  engine.leaving = () => Promise.reject(new Error("down"));
  await using broadcast = createBroadcast({ engine });
  const leave = broadcast.topic("t", z.number()).join((await connected()).connection, { as: "ann" });
  await settled();
  leave();
  await settled();
  expect(engine.calls.filter((call) => call === "leave t")).toHaveLength(1);
});

test("members gives up at publishTimeout, also where the start takes longer", async () => {
  vi.useFakeTimers();
  const engine = new FakeEngine();
  const starting = gate();
  engine.starting = () => starting.promise;
  await using broadcast = createBroadcast({ engine, publishTimeout: 100 });
  const topic = broadcast.topic("t", z.number());
  const early = codeOf(topic.members());
  await vi.advanceTimersByTimeAsync(100);
  expect(await early).toBe("ERR_WS_PUBLISH_TIMEOUT");
  starting.open();
  engine.listing = (_topic, signal) =>
    new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
  const late = codeOf(topic.members());
  await vi.advanceTimersByTimeAsync(100);
  vi.useRealTimers();
  expect(await late).toBe("ERR_WS_PUBLISH_TIMEOUT");
});
