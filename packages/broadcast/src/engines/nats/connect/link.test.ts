import { setImmediate as turn } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { afterEach, expect, test, vi } from "vitest";
import { openNats } from "../nats-opened.fixture.js";

afterEach(() => {
  vi.useRealTimers();
});

/** A server in a thread of its own, so that it answers while this one is busy; counts each PING, and each answer once it is sent. */
const server = `
  const { createServer } = require("node:net");
  const { parentPort, workerData } = require("node:worker_threads");
  const listener = createServer((socket) => {
    socket.on("error", () => {});
    socket.write('INFO {"version":"2.9.10","proto":1,"headers":true,"max_payload":1000}\\r\\n');
    socket.on("data", (chunk) => {
      for (let left = String(chunk).split("PING").length; left > 1; left -= 1) {
        Atomics.add(workerData, 1, 1);
        socket.write("PONG\\r\\n", () => {
          Atomics.add(workerData, 0, 1);
          Atomics.notify(workerData, 0);
        });
      }
    });
  }).listen(0, "127.0.0.1", () => parentPort.postMessage(listener.address().port));
`;

test("an answer to a ping that waited while this process was busy counts", async () => {
  const answers = new Int32Array(new SharedArrayBuffer(8));
  const worker = new Worker(server, { eval: true, workerData: answers });
  const port = await new Promise((resolve) => worker.once("message", resolve));
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  await using one = await openNats(`127.0.0.1:${port}`);
  // The last answer of the handshake may be here before it is counted as sent.
  const before = Atomics.load(answers, 1);
  while (Atomics.load(answers, 0) < before) Atomics.wait(answers, 0, Atomics.load(answers, 0), 30_000);
  vi.advanceTimersByTime(5_000);
  await turn();
  expect(Atomics.wait(answers, 0, before, 30_000)).not.toBe("timed-out");
  // The answer is here, and nothing was read meanwhile.
  vi.advanceTimersByTime(5_000);
  for (let turns = 0; turns < 3; turns += 1) await turn();
  expect(one.witness.told).toEqual([]);
  expect(Atomics.wait(answers, 0, before + 1, 30_000)).not.toBe("timed-out");
  await worker.terminate();
});
