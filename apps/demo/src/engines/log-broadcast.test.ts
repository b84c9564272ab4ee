import { createBroadcast, type Engine, type EngineListener, memory } from "@ws/broadcast";
import { expect, test } from "vitest";
import { z } from "zod";
import { createLogger } from "../logger.js";
import { logBroadcast } from "./log-broadcast.js";

test("tells of an engine that goes and comes back, of what was missed and of what was no message", async () => {
  let listener: EngineListener | undefined;
  const inner = memory();
  const engine: Engine = Object.assign(Object.create(inner) as Engine, {
    isShared: true,
    start: async (given: EngineListener) => {
      listener = given;
    },
    subscribe: async () => undefined,
    unsubscribe: async () => {},
    close: async () => {},
  });
  const lines: string[] = [];
  await using broadcast = createBroadcast({ engine });
  logBroadcast(
    broadcast,
    createLogger("info", (line) => lines.push(line.slice(25, -1))),
  );
  await broadcast.ready;
  const heard = broadcast.topic("t", z.number()).subscribe();
  const next = heard.next();
  listener?.delivered("t", { epoch: "e", sequence: 1, payload: "1" });
  await next;
  listener?.down("gone");
  listener?.up();
  listener?.resumed("t", { epoch: "e", sequence: 1 });
  listener?.delivered("t", { epoch: "e", sequence: 3, payload: "x" });
  expect(lines).toEqual([
    'warn  the broadcast engine is down reason="gone"',
    "info  the broadcast engine is back",
    'warn  messages missed topic="t" reason="lost" missed=1',
    'warn  what came was no message topic="t"',
  ]);
});
