import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import {
  type Command,
  childrenOf,
  connect,
  connectMany,
  echoSource,
  folderOf,
  isAlive,
  started,
} from "./command.fixture.js";

const files = { "app.mjs": echoSource() };

/** Waits for a command's end; gives how long it took since `began`, in ms. */
async function endedAfter(command: Command, began: number): Promise<number> {
  await command.ended;
  return Math.round(performance.now() - began);
}

test("a second SIGINT ends within 200 ms and leaves no process", async () => {
  const command = await started(["app.mjs", "--workers", "2", "--drain", "60s"], { folder: folderOf(files) });
  await connectMany(50, command.address);
  const { workers } = command;
  command.signal("SIGINT");
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  const began = performance.now();
  command.signal("SIGINT");
  const took = await endedAfter(command, began);
  expect(await command.ended).toBe(1);
  process.stdout.write(`second SIGINT: ended after ${took} ms\n`);
  expect(took).toBeLessThanOrEqual(200);
  await expect.poll(() => workers.filter(isAlive)).toEqual([]);
});

test("workers whose parent was killed are gone after drain, grace and a second", async () => {
  const command = await started(["app.mjs", "--workers", "2", "--drain", "2s", "--grace", "1s"], {
    folder: folderOf(files),
  });
  await connectMany(50, command.address);
  const { workers } = command;
  const began = performance.now();
  command.signal("SIGKILL");
  await expect.poll(() => workers.filter(isAlive), { interval: 20 }).toEqual([]);
  const took = Math.round(performance.now() - began);
  process.stdout.write(`killed parent: its workers were gone after ${took} ms\n`);
  expect(took).toBeLessThanOrEqual(4_000);
});

test("--shutdown-delay 3s: ready is 503 within 50 ms, and sockets are accepted for 3 s", async () => {
  const command = await started(
    ["app.mjs", "--shutdown-delay", "3s", "--health", "/health", "--drain", "0"],
    { folder: folderOf(files) },
  );
  const ready = async (): Promise<number> => (await fetch(`${command.address}/health/ready`)).status;
  expect(await ready()).toBe(200);
  const began = performance.now();
  command.signal("SIGTERM");
  await expect.poll(ready, { interval: 5 }).toBe(503);
  const told = performance.now() - began;
  let last = 0;
  while (
    (await connect(command.address).then(
      ({ socket }) => socket.terminate(),
      () => "refused",
    )) !== "refused"
  )
    last = performance.now() - began;
  process.stdout.write(
    `shutdown delay: 503 after ${told.toFixed(0)} ms, sockets accepted for ${last.toFixed(0)} ms\n`,
  );
  expect(told).toBeLessThanOrEqual(50);
  expect(last).toBeGreaterThanOrEqual(2_900);
  expect(await command.ended).toBe(0);
});

const canUnshare = spawnSync("unshare", ["--pid", "--fork", "--kill-child", "true"]).status === 0;

test.runIf(canUnshare)("as process 1 it ends 200 sockets within 9 s at the defaults", async () => {
  const before = ["unshare", "--pid", "--fork", "--kill-child", "--mount-proc"];
  const command = await started(["app.mjs"], { folder: folderOf(files), before });
  const clients = await connectMany(200, command.address);
  const [first] = childrenOf(Number(command.process.pid));
  const began = performance.now();
  process.kill(Number(first), "SIGTERM");
  const codes = new Set(await Promise.all(clients.map(async ({ closed }) => (await closed).code)));
  const took = await endedAfter(command, began);
  process.stdout.write(
    `process 1: 200 sockets, closed with ${[...codes].join(" ")}, ended after ${took} ms\n`,
  );
  expect([...codes]).toEqual([1012]);
  expect(took).toBeLessThanOrEqual(9_000);
  expect(await command.ended).toBe(0);
});
