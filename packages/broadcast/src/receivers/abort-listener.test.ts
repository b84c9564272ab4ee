import { expect, test, vi } from "vitest";
import { z } from "zod";
import { FakeEngine, settled } from "../engine/engine.fixture.js";
import { createBroadcast } from "../topic/broadcast.js";
import { connected } from "../topic/connection.fixture.js";
import { listenToAbort } from "./abort-listener.js";

test("a listener is called at the abort, once", () => {
  const controller = new AbortController();
  const listener = vi.fn();
  listenToAbort(controller.signal, listener);
  controller.abort();
  expect(listener).toHaveBeenCalledOnce();
});

test("a connection in many topics, and many calls at a time, are no leak that Node warns of", async () => {
  const warned = vi.fn();
  process.on("warning", warned);
  const engine = new FakeEngine();
  engine.subscribing = async (_topic, signal) => {
    signal.addEventListener("abort", () => {});
    return undefined;
  };
  engine.publishing = async (_topic, _payload, signal) => {
    signal.addEventListener("abort", () => {});
    return { epoch: "e", sequence: 1 };
  };
  await using broadcast = createBroadcast({ engine });
  await broadcast.ready;
  const { connection } = await connected();
  const { signal } = new AbortController();
  for (let count = 0; count < 20; count += 1) {
    const topic = broadcast.topic(`t.${count}`, z.number());
    topic.join(connection);
    topic.subscribe({ signal });
    void broadcast.topic(`quiet.${count}`, z.number()).publish(count);
  }
  await settled();
  process.off("warning", warned);
  expect(warned).not.toHaveBeenCalled();
});
