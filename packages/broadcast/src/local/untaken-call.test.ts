import { expect, test, vi } from "vitest";
import { z } from "zod";
import { BroadcastError } from "../engine/broadcast-error.js";
import { settled } from "../engine/engine.fixture.js";
import { memory } from "../engines/memory/engine.js";
import { type Broadcast, createBroadcast } from "../topic/broadcast.js";

// In this process a rejection that nobody handles would fail the run.

function heard(broadcast: Broadcast): unknown[] {
  const events: unknown[] = [];
  broadcast.on("failed", ({ topic, call, error }) => events.push([topic, call, (error as Error).name]));
  return events;
}

test("fault 188: a publish by mistake that nobody awaits is told once with topic and call, and the broadcast goes on", async () => {
  await using broadcast = createBroadcast({ engine: memory(), maxPayload: 100 });
  const topic = broadcast.topic("t", z.union([z.number(), z.string()]));
  const events = heard(broadcast);
  void topic.publish({} as never);
  void topic.publish("x".repeat(200));
  void topic.publish(1, { signal: AbortSignal.abort(new TypeError("given up")) }).then(() => {});
  await settled();
  expect(events).toEqual([
    ["t", "publish", "ProtocolError"],
    ["t", "publish", "BroadcastError"],
    ["t", "publish", "TypeError"],
  ]);
  expect(await topic.publish(1)).toBeDefined();
});

test("fault 188: one that somebody awaits, or that only says that the broadcast is closed, is told to nobody else", async () => {
  const broadcast = createBroadcast({ engine: memory() });
  const topic = broadcast.topic("t", z.number());
  const events = heard(broadcast);
  await expect(topic.publish("x" as never)).rejects.toThrow("expected");
  const publishing = topic.publish("x" as never);
  // It has rejected by then, and it is still the same turn.
  for (let tick = 0; tick < 5; tick += 1) await Promise.resolve();
  await expect(publishing).rejects.toThrow("expected");
  await settled();
  const next = topic.subscribe().next();
  await broadcast.close();
  expect(await next).toEqual({ done: true, value: undefined });
  const late = heard(broadcast);
  void topic.publish(1);
  void topic.members();
  await settled();
  expect([...events, ...late]).toEqual([]);
});

test("fault 188: where nobody listens it is written to standard error", async () => {
  const write = vi.spyOn(console, "error").mockImplementation(() => {});
  await using broadcast = createBroadcast({ engine: memory() });
  void broadcast.topic("t", z.number()).publish(Number.NaN);
  await settled();
  expect(write).toHaveBeenCalledExactlyOnceWith(
    "@ws/broadcast: publish failed and nobody awaited it; topic=t",
    expect.any(Error),
  );
});

test("fault 188: a `next` that nobody awaits, of a subscription that overflows, is no unhandled rejection", async () => {
  await using broadcast = createBroadcast({ engine: memory() });
  const topic = broadcast.topic("t", z.number());
  const subscription = topic.subscribe({ max: 1 });
  await topic.publish(1);
  await topic.publish(2);
  void subscription.next();
  const last = subscription.next();
  await settled();
  await expect(last).rejects.toBeInstanceOf(BroadcastError);
  expect(subscription.counters.delivered).toBe(1);
});
