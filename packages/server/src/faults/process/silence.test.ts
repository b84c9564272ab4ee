import { Socket } from "node:net";
import { expect, test, vi } from "vitest";
import { dial, echo, handshake, readUntil, untilClosed } from "../../raw.fixture.js";
import { TcpTable } from "../../socket/tcp-table.js";
import { Child } from "../child.fixture.js";
import { entered, frame, opened, recorded, rest, running } from "../live.fixture.js";

const short = { pingInterval: 20, pingTimeout: 20 };
const lost = { type: "websocket.disconnect", code: 1006, reason: "keepalive timeout" };
const never = new Promise<never>(() => {});

test("fault 135: a peer that is silent for interval and time-out is told 1011, and lost for the application", async () => {
  const { application, ended } = recorded();
  const { socket } = await opened(application, short);
  expect(await ended).toEqual(lost);
  expect((await rest(socket)).toString("latin1")).toBe("\x89\0\x88\x13\x03\xf3keepalive timeout");
});

test("fault 136: a peer that we paused lives on while it can't be heard, and is asked again once it can", async () => {
  let go = (): void => {};
  const paused = new Promise<void>((resolve) => {
    go = resolve;
  });
  const { application, received, ended } = recorded([], paused);
  const { socket, server } = await opened(application, { ...short, receiveQueue: { messages: 1, bytes: 1 } });
  const probe = vi.spyOn(Socket.prototype, "write");
  socket.write(frame(0x81, "one"));
  // A paused peer is not pinged: every interval the kernel is asked about it by a write of nothing.
  await expect
    .poll(() => probe.mock.calls.filter(([data]) => (data as Uint8Array).length === 0).length)
    .toBeGreaterThan(5);
  expect(server.connections).toBe(1);
  go();
  expect(await ended).toEqual(lost);
  expect(received).toEqual([{ type: "websocket.receive", text: "one" }, lost]);
});

test("fault 136: a peer that is lost while we paused it is found all the same, though nothing is read", async () => {
  const keepAlive = vi.spyOn(Socket.prototype, "setKeepAlive");
  const { application } = recorded([], never);
  const { socket, server } = await opened(application, { ...short, receiveQueue: { messages: 1, bytes: 1 } });
  socket.write(frame(0x81, "one"));
  // Where its machine is gone, the kernel finds out by asking: 10 s, then ten times in ten more.
  await expect.poll(() => keepAlive.mock.calls).toContainEqual([true, 10_000]);
  expect(server.connections).toBe(1);
  socket.resetAndDestroy();
  await expect.poll(() => server.connections).toBe(0);
});

test("fault 192: a peer that dies while we paused it, with data under way, is found by what the kernel has tried", async () => {
  let tries = 0;
  const table = vi.spyOn(TcpTable.prototype, "tries").mockImplementation(async () => tries);
  const { application } = recorded([{ type: "websocket.send", text: "under way" }], never);
  const { socket, server } = await opened(application, { ...short, receiveQueue: { messages: 1, bytes: 1 } });
  socket.write(frame(0x81, "one"));
  // As long as the kernel has its answers, however often it is looked, the peer lives.
  await expect.poll(() => table.mock.calls.length).toBeGreaterThan(20);
  expect(server.connections).toBe(1);
  tries = 5;
  await expect.poll(() => server.connections).toBe(0);
});

test("fault 136: where a pause may last so long and no longer, it ends with 1008", async () => {
  const { application } = recorded([], never);
  const { socket } = await opened(application, {
    receiveTimeout: 20,
    receiveQueue: { messages: 1, bytes: 1 },
  });
  socket.write(frame(0x81, "one"));
  expect(await readUntil(socket, "receive timeout")).toBe("\x88\x11\x03\xf0receive timeout");
});

test("fault 137: a jump of the system's clock by an hour, to and fro, ends no connection and stops no keep-alive", async () => {
  const { socket, server } = await opened(echo, short);
  const now = Date.now();
  vi.useFakeTimers({ toFake: ["Date"] });
  for (const hour of [3_600_000, -3_600_000]) {
    vi.setSystemTime(now + hour);
    for (let ping = 0; ping < 3; ping += 1) {
      expect(await readUntil(socket, "\x89\0")).toContain("\x89\0");
      socket.write(frame(0x8a, ""));
    }
    expect(server.connections).toBe(1);
  }
  const { application, ended } = recorded();
  await entered((await running(application, short)).server);
  vi.setSystemTime(now);
  expect(await ended).toEqual(lost);
  vi.useRealTimers();
});

/** A peer that answers each ping, and counts them. */
async function answering(port: number): Promise<{ socket: Socket; pings: (count: number) => Promise<void> }> {
  const socket = await dial(port);
  socket.write(handshake());
  await readUntil(socket, "\r\n\r\n");
  let count = 0;
  let onPing = (): void => {};
  socket.on("data", (chunk: Buffer) => {
    if (chunk.includes("\x89\0", 0, "latin1")) socket.write(frame(0x8a, ""));
    count += 1;
    onPing();
  });
  const pings = (more: number): Promise<void> => {
    const wanted = count + more;
    return new Promise((resolve, reject) => {
      onPing = () => (count >= wanted ? resolve() : undefined);
      socket.once("close", () => reject(new Error("the peer was given up")));
    });
  };
  return { socket, pings };
}

/** So long that peers in this process answer in time, however busy the machine is. */
const patience = { pingInterval: 200, pingTimeout: 4_000 };

test("fault 138: after a stall of our own event loop every live peer lives on", async () => {
  const port = await new Child(patience).port();
  const peers = await Promise.all(Array.from({ length: 20 }, () => answering(port)));
  await Promise.all(peers.map(({ pings }) => pings(1)));
  // The loop stands still for twice the time-out.
  peers[0]?.socket.write(frame(0x81, "stall 2000"));
  await Promise.all(peers.map(({ pings }) => pings(3)));
  for (const { socket } of peers) socket.destroy();
});

test("fault 139: a process that was stopped and goes on loses no live peer", async () => {
  const child = new Child(patience);
  const port = await child.port();
  const peers = await Promise.all(Array.from({ length: 20 }, () => answering(port)));
  await Promise.all(peers.map(({ pings }) => pings(1)));
  child.process.kill("SIGSTOP");
  // A server that goes on gives up a peer that came after that, and never answers: so much time goes by.
  const { application, ended } = recorded();
  await opened(application, patience);
  expect(await ended).toEqual(lost);
  child.process.kill("SIGCONT");
  await Promise.all(peers.map(({ pings }) => pings(3)));
  for (const { socket } of peers) socket.destroy();
});

test("fault 139: a peer that was stopped is found, though its kernel still takes what we send", async () => {
  const { application, ended } = recorded();
  const { socket } = await opened(application, short);
  socket.pause();
  expect(await ended).toEqual(lost);
  const closed = untilClosed(socket);
  socket.destroy();
  await closed;
});
