import type { Socket } from "node:net";
import { expect, test } from "vitest";
import { dial, handshake, readUntil } from "../raw.fixture.js";
import { Child } from "./child.fixture.js";

/** The text "draining", and the close frame of a code. RFC 6455 §5.2. */
const draining = "\x81\x08draining";
const restart = "\x88\x02\x03\xf4";

/** Connections to a path, each with all that it read. */
async function connected(port: number, path: string, count: number): Promise<Socket[]> {
  return Promise.all(
    Array.from({ length: count }, async () => {
      const socket = await dial(port);
      socket.write(handshake(path));
      return socket;
    }),
  );
}

/** All that comes until the end, as latin-1; a close frame is answered. */
async function rest(socket: Socket): Promise<string> {
  let read = "";
  for await (const chunk of socket) {
    read += (chunk as Buffer).toString("latin1");
    if (read.endsWith(restart)) socket.end(Buffer.from([0x88, 0x82, 0, 0, 0, 0, 3, 0xf4]));
  }
  return read;
}

test("fault 129: SIGTERM with 2,000 open tells the application, closes with 1012 and exits with 0 in the grace", async () => {
  const child = new Child({ closing: { grace: 10_000 }, closeTimeout: 1_500 });
  const port = await child.port();
  const live = await connected(port, "/", 1_950);
  await Promise.all(live.map((socket) => readUntil(socket, "\r\n\r\n")));
  const deaf = await connected(port, "/flood", 50);
  await Promise.all(deaf.map((socket) => readUntil(socket, "\r\n\r\n")));
  const pending = await connected(port, "/pending", 20);
  await child.said(/^pending/, 20);

  const began = performance.now();
  child.process.kill("SIGTERM");
  const ends = await Promise.all(live.map(rest));
  expect(ends.filter((end) => end === draining + restart).length).toBe(1_950);
  const answers = await Promise.all(pending.map(rest));
  const refused = answers.filter((answer) => /^HTTP\/1\.1 503 [\s\S]*connection: close\r\n/i.test(answer));
  expect(refused.length).toBe(20);
  expect(await child.ended).toEqual([0, null]);
  // The deaf ones cost the close time-out, and no more.
  expect(performance.now() - began).toBeLessThan(10_000);
  expect(child.lines.at(-1)).toBe("shutdown");
  for (const socket of deaf) socket.destroy();
}, 30_000);

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
  const child = new Child({ closing: { drain: { window: 800 } } });
  const live = await connected(await child.port(), "/", 200);
  await Promise.all(live.map((socket) => readUntil(socket, "\r\n\r\n")));
  child.process.kill("SIGTERM");
  const moments = await Promise.all(
    live.map(async (socket) => {
      expect(await rest(socket)).toBe(draining + restart);
      return performance.now();
    }),
  );
  expect(await child.ended).toEqual([0, null]);
  expect(Math.max(...moments) - Math.min(...moments)).toBeGreaterThan(400);
});

test("fault 129: a second SIGTERM ends the process at once", async () => {
  const child = new Child({ closing: { drain: { window: 60_000 } } });
  const [one] = await connected(await child.port(), "/", 1);
  if (one === undefined) return expect.fail("no socket");
  await readUntil(one, "\r\n\r\n");
  child.process.kill("SIGTERM");
  await readUntil(one, draining);
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
