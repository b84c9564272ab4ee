import { once } from "node:events";
import { createSocket, type TypedSocket } from "@ws/client/socket";
import { expect, onTestFinished, test } from "vitest";
import { start, type TestServer } from "../client/test-server.js";
import { echo } from "./echo.fixture.js";

interface Made {
  readonly server: TestServer;
  readonly socket: TypedSocket;
  readonly loop: AsyncIterator<string | Uint8Array>;
}

async function connected(): Promise<Made> {
  const server = await start(echo);
  const socket = createSocket("ws://test/", {
    WebSocket: server.WebSocket,
    retryDelay: () => 0,
  });
  onTestFinished(async () => {
    socket.close();
    server.network.resume();
    await server.close({ grace: 1_000 });
  });
  await socket.connect();
  return { server, socket, loop: socket[Symbol.asyncIterator]() };
}

/** Waits until the socket is in that phase. */
function phase({ socket }: Made, wanted: string): Promise<void> {
  return new Promise((resolve) => {
    const stop = socket.onState((state) => {
      if (state.phase !== wanted) return;
      stop();
      resolve();
    });
  });
}

test("server.WebSocket has the DOM's interface, and leads to the server whatever host it names", async () => {
  const { server, socket, loop } = await connected();
  await socket.send("hello");
  expect(await loop.next()).toEqual({ value: "hello" });
  expect(server.connections).toBe(1);
});

test("a cut resets every connection, and the next one can be made at once", async () => {
  const made = await connected();
  const lost = phase(made, "waiting");
  made.server.network.cut();
  await lost;
  await made.socket.send("again");
  expect(await made.loop.next()).toEqual({ value: "again" });
});

test("who has closed is not waited for when the server closes", async () => {
  const { server, socket, loop } = await connected();
  socket.close();
  expect(await loop.next()).toEqual({ done: true, value: undefined });
  await server.close({ grace: 600_000 });
});

test("what is sent in a stalled network comes when it resumes, in order", async () => {
  const { server, socket, loop } = await connected();
  server.network.stall();
  await socket.send("one");
  await socket.send("two");
  let isThere = false;
  const taking = loop.next().finally(() => {
    isThere = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect(isThere).toBe(false);
  server.network.resume();
  expect([await taking, await loop.next()]).toEqual([{ value: "one" }, { value: "two" }]);
});

const handshake =
  "GET / HTTP/1.1\r\nHost: test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
  "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

test("in a stalled network the server does not see that a client has gone, until it resumes", async () => {
  const { server } = await connected();
  for (const reason of [undefined, new Error("reset")]) {
    const other = server.network.dial().on("error", () => {});
    other.write(handshake);
    await once(other, "data");
    server.network.stall();
    const closed = once(other, "close").catch(() => {});
    other.destroy(reason);
    await closed;
    expect(server.connections).toBe(2);
    server.network.resume();
    await expect.poll(() => server.connections).toBe(1);
  }
});

test("a connection that is begun in a stalled network is made when it resumes", async () => {
  const { server } = await connected();
  server.network.stall();
  const other = server.network.dial();
  other.write(handshake);
  await new Promise((resolve) => setImmediate(resolve));
  expect(server.connections).toBe(1);
  const answered = once(other, "data");
  server.network.resume();
  await answered;
  expect(server.connections).toBe(2);
  other.destroy();
});

test("a delay holds everything back", async () => {
  const { server, socket, loop } = await connected();
  server.network.delay(50);
  const began = performance.now();
  await socket.send("late");
  await loop.next();
  expect(performance.now() - began).toBeGreaterThanOrEqual(95);
});

test("a network that is down refuses connections until it is up", async () => {
  const made = await connected();
  const lost = phase(made, "waiting");
  made.server.network.down();
  await lost;
  await phase(made, "waiting");
  const back = phase(made, "open");
  made.server.network.up();
  await back;
  expect(made.server.connections).toBe(1);
});

test("what a delay held back until its connection was gone is lost with it", async () => {
  const made = await connected();
  made.server.network.delay(5);
  await made.socket.send("lost");
  const lost = phase(made, "waiting");
  made.server.network.cut();
  await lost;
  await made.socket.send("again");
  expect(await made.loop.next()).toEqual({ value: "again" });
});
