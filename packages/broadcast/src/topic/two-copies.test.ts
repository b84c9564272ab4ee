import { expect, test, vi } from "vitest";
import { z } from "zod";
import { BroadcastError } from "../engine/broadcast-error.js";
import { memory } from "../engines/memory/engine.js";
import { createBroadcast } from "./broadcast.js";
import { connected } from "./connection.fixture.js";

test("fault 202: a connection of another copy joins, gets messages, and leaves without a fault when its client does", async () => {
  vi.resetModules();
  const copy = await import("./connection.fixture.js");
  expect(copy.connected).not.toBe(connected);
  await using broadcast = createBroadcast({ engine: memory() });
  const topic = broadcast.topic("t", z.number());
  const { connection, socket } = await copy.connected();
  await topic.join(connection).joined;
  await topic.publish(1);
  expect(socket.sent).toEqual(["1"]);
  const other = await import("../engine/broadcast-error.js");
  expect(other.BroadcastError).not.toBe(BroadcastError);
  expect(new other.BroadcastError("ERR_WS_ENGINE_DOWN", "down")).toBeInstanceOf(BroadcastError);
});
