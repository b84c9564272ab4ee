import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { allReady, connect, connectMany, echoSource, folderOf, started, write } from "./command.fixture.js";

function percentile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
}

test("ten workers are killed under 24 clients that connect: none is refused, and none waits for more than a second", async () => {
  const command = await started(["app.mjs", "--workers", "4", "--log-level", "debug"], {
    folder: folderOf({ "app.mjs": echoSource() }),
  });
  await allReady(command, 4);
  let isOver = false;
  const refused: string[] = [];
  const times: number[] = [];
  let cut = 0;
  const clients = Array.from({ length: 24 }, async () => {
    while (!isOver) {
      const began = performance.now();
      try {
        const { socket } = await connect(command.address);
        times.push(performance.now() - began);
        socket.terminate();
      } catch (error) {
        times.push(performance.now() - began);
        const { message } = error as Error;
        if (message.includes("ECONNREFUSED")) refused.push(message);
        else cut += 1;
      }
      await pause(10);
    }
  });
  for (let count = 0; count < 10; count += 1) {
    await pause(900);
    // Where none is left, sockets wait for the next one: that is another promise.
    await expect.poll(() => command.workers.length).toBeGreaterThan(1);
    process.kill(Number(command.workers[0]), "SIGKILL");
  }
  await pause(1_000);
  isOver = true;
  await Promise.all(clients);
  await expect.poll(() => command.workers.length).toBe(4);
  await allReady(command, 4);
  const again = [...command.stderr.matchAll(/again="?(\d+) ms/g)].map(([, delay]) => Number(delay));
  process.stdout.write(
    `killed 10: ${times.length} handshakes, ${refused.length} refused, ${cut} cut with their worker, ` +
      `slowest ${Math.round(Math.max(...times))} ms; started again after ${again.join(" ")} ms\n`,
  );
  expect(refused).toEqual([]);
  expect(Math.max(...times)).toBeLessThan(1_000);
  expect(again.length).toBeGreaterThanOrEqual(10);
  expect(await command.end()).toBe(0);
});

test("twenty saves in ten seconds: a client that connects in a loop sees no error, and one process is left", async () => {
  const folder = folderOf({ "app.mjs": echoSource("0") });
  const command = await started(["app.mjs", "--reload"], { folder });
  await connectMany(100, command.address);
  let isOver = false;
  let answers = 0;
  const errors: string[] = [];
  const loop = (async () => {
    while (!isOver) {
      await connect(command.address).then(
        ({ socket }) => {
          answers += 1;
          socket.terminate();
        },
        (error: Error) => errors.push(error.message),
      );
    }
  })();
  for (let version = 1; version <= 20; version += 1) {
    write(folder, "app.mjs", echoSource(`${version}`));
    await pause(500);
  }
  const saved = performance.now();
  write(folder, "app.mjs", echoSource("last"));
  await expect
    .poll(async () => (await connect(command.address)).ask("who"), { interval: 20 })
    .toMatch(/ last$/);
  const took = Math.round(performance.now() - saved);
  isOver = true;
  await loop;
  process.stdout.write(
    `21 saves: ${answers} handshakes, ${errors.length} failed; the last save answered after ${took} ms\n`,
  );
  expect(errors).toEqual([]);
  await expect.poll(() => command.workers.length).toBe(1);
  expect(await command.end()).toBe(0);
});

test("a worker whose loop is blocked for 40 s is killed and replaced, and the others answer as before", async () => {
  const command = await started(["app.mjs", "--workers", "2"], {
    folder: folderOf({ "app.mjs": echoSource() }),
  });
  await allReady(command, 2);
  const hung = await connect(command.address);
  const who = await hung.ask("who");
  let well = await connect(command.address);
  while ((await well.ask("who")) === who) well = await connect(command.address);
  hung.socket.send("hang");
  const times: number[] = [];
  let isOver = false;
  const loop = (async () => {
    while (!isOver) {
      const began = performance.now();
      await well.ask("hello");
      times.push(performance.now() - began);
      await pause(20);
    }
  })();
  await command.said(/a worker's event loop hangs: it is killed/);
  await hung.closed;
  isOver = true;
  await loop;
  const p99 = percentile(times, 0.99);
  process.stdout.write(`hung worker: the other answered ${times.length} times, p99 ${p99.toFixed(1)} ms\n`);
  expect(p99).toBeLessThanOrEqual(50);
  await expect.poll(() => command.workers.length).toBe(2);
  expect(await command.end()).toBe(0);
});
