import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { dial, readUntil } from "../../raw.fixture.js";
import { Child } from "../child.fixture.js";
import { connected, draining, rest, restart } from "./shutdown.fixture.js";

test("fault 129: SIGTERM tells the application, closes with 1012, refuses who waits, and exits with 0 in the grace", async () => {
  const child = new Child({ closing: { grace: 600_000 }, closeTimeout: 600_000 });
  const port = await child.port();
  const live = await connected(port, "/", 100);
  await Promise.all(live.map((socket) => readUntil(socket, "\r\n\r\n")));
  const pending = await connected(port, "/pending", 20);
  await child.said(/^pending/, 20);

  child.process.kill("SIGTERM");
  const ends = await Promise.all(live.map(rest));
  expect(ends.filter((end) => end === draining + restart).length).toBe(100);
  const answers = await Promise.all(pending.map(rest));
  const refused = answers.filter((answer) => /^HTTP\/1\.1 503 [\s\S]*connection: close\r\n/i.test(answer));
  expect(refused.length).toBe(20);
  expect(await child.ended).toEqual([0, null]);
  expect(child.lines.at(-1)).toBe("shutdown");
});

test("fault 129: who does not read costs a shutdown the close time-out, and not the grace", async () => {
  const child = new Child({ closing: { grace: 600_000 }, closeTimeout: 100 });
  const deaf = await connected(await child.port(), "/flood", 20);
  await Promise.all(deaf.map((socket) => readUntil(socket, "\r\n\r\n")));
  child.process.kill("SIGTERM");
  expect(await child.ended).toEqual([0, null]);
  expect(child.lines.at(-1)).toBe("shutdown");
  for (const socket of deaf) socket.destroy();
});

test("fault 129: while connections are ended nobody new comes in", async () => {
  const child = new Child({ closing: { drain: { window: 60_000 } } });
  const port = await child.port();
  const [one] = await connected(port, "/", 1);
  if (one === undefined) return expect.fail("no socket");
  await readUntil(one, "\r\n\r\n");
  child.process.kill("SIGTERM");
  await readUntil(one, draining);
  await expect(dial(port)).rejects.toMatchObject({ code: "ECONNREFUSED" });
});

test("fault 129: connections are closed in batches over a window, so that they do not all come back at once", async () => {
  // In six hundred batches: when the first connection has ended, nearly all of the others are open.
  const child = new Child({ closing: { drain: { window: 60_000 } } });
  const live = await connected(await child.port(), "/", 200);
  await Promise.all(live.map((socket) => readUntil(socket, "\r\n\r\n")));
  child.process.kill("SIGTERM");
  let ended = 0;
  const ends = live.map(async (socket) => {
    const end = await rest(socket);
    ended += 1;
    return end;
  });
  expect(await Promise.race(ends)).toBe(draining + restart);
  expect(ended).toBeLessThan(100);
  child.process.kill("SIGKILL");
  await child.ended;
});

test("fault 129: a second SIGTERM, more than a second after the first, ends the process at once", async () => {
  const child = new Child({ closing: { drain: { window: 60_000 } } });
  const [one] = await connected(await child.port(), "/", 1);
  if (one === undefined) return expect.fail("no socket");
  await readUntil(one, "\r\n\r\n");
  child.process.kill("SIGTERM");
  await readUntil(one, draining);
  // Within the second it is the first one again.
  await pause(1_100);
  child.process.kill("SIGTERM");
  expect(await child.ended).toEqual([1, null]);
  expect(child.lines).not.toContain("shutdown");
});

test("fault 130: dead peers do not hold the shutdown up beyond the close time-out", async () => {
  const child = new Child({ closing: { grace: 60_000 }, closeTimeout: 50 });
  const dead = await connected(await child.port(), "/", 10);
  await Promise.all(dead.map((socket) => readUntil(socket, "\r\n\r\n")));
  child.process.kill("SIGTERM");
  expect(await child.ended).toEqual([0, null]);
  for (const socket of dead) socket.destroy();
});

test("fault 144: a start-up that fails or hangs ends the process with 1 and says why; nothing listens", async () => {
  const failing = new Child({ startup: "fails" });
  expect(await failing.ended).toEqual([1, null]);
  expect(failing.errors).toContain("start-up failed: no database");
  const hanging = new Child({ startup: "hangs", startupTimeout: 20 });
  expect(await hanging.ended).toEqual([1, null]);
  expect(hanging.errors).toContain("no lifespan.startup.complete within 20 ms");
  expect([...failing.lines, ...hanging.lines]).toEqual([]);
});

test("fault 144: a shutdown that hangs is over with the grace", async () => {
  const child = new Child({ shutdown: "hangs", closing: { grace: 20 } });
  await child.port();
  child.process.kill("SIGTERM");
  expect(await child.ended).toEqual([0, null]);
  expect(child.lines.at(-1)).toBe("shutdown");
});

test("fault 140: a port in use ends the process with 1, after the lifespan's shutdown", async () => {
  const port = await new Child().port();
  const second = new Child({ port });
  expect(await second.ended).toEqual([1, null]);
  expect(second.errors).toContain("EADDRINUSE");
  expect(second.lines).toEqual(["shutdown"]);
});
