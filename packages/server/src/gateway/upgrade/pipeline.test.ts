import { once } from "node:events";
import { createServer, type Server, type ServerResponse } from "node:http";
import { type Duplex, duplexPair } from "node:stream";
import { expect, test } from "vitest";
import { FakeClock } from "../../session/timing/clock.fixture.js";
import { awaitResponses, hasResponsesDue, watchResponses } from "./pipeline.js";

const get = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";

/** Two requests at a server that doesn't answer by itself, and their responses. */
async function pipelined(
  server: Server,
): Promise<{ socket: Duplex; client: Duplex; responses: ServerResponse[] }> {
  const [client, socket] = duplexPair();
  const responses: ServerResponse[] = [];
  const both = new Promise<void>((resolve) => {
    server.on("request", (_request, response) => {
      responses.push(response);
      if (responses.length === 2) resolve();
    });
  });
  server.emit("connection", socket);
  client.write(get + get);
  await both;
  return { socket, client, responses };
}

function watchedServer(): Server {
  const server = createServer();
  watchResponses(server);
  return server;
}

test("of a server that is not watched, and of a socket without a request, nothing is due", async () => {
  watchedServer();
  const { socket, client } = await pipelined(createServer());
  expect(hasResponsesDue(socket)).toBe(false);
  const told: boolean[] = [];
  awaitResponses(socket, new FakeClock(), 1_000, (isInTime) => told.push(isInTime));
  expect(told).toEqual([true]);
  client.destroy();
});

test("the wait ends with the last of several responses, and leaves no listener", async () => {
  const { socket, client, responses } = await pipelined(watchedServer());
  const clock = new FakeClock();
  const told: boolean[] = [];
  const before = socket.listenerCount("drain");
  awaitResponses(socket, clock, 1_000, (isInTime) => told.push(isInTime));
  client.resume();
  responses[0]?.end("1");
  await once(responses[0] as ServerResponse, "close");
  expect([told, hasResponsesDue(socket)]).toEqual([[], true]);
  const last = once(responses[1] as ServerResponse, "close");
  responses[1]?.end("2");
  await last;
  expect([told, hasResponsesDue(socket)]).toEqual([[true], false]);
  clock.advance(1_000);
  expect(told).toEqual([true]);
  expect(socket.listenerCount("drain")).toBe(before);
  client.destroy();
});

test("a response that waits for the socket to drain is told, and no other", async () => {
  const { socket, client, responses } = await pipelined(watchedServer());
  // As Node does when it gives a socket up.
  socket.removeAllListeners("drain");
  awaitResponses(socket, new FakeClock(), 1_000, () => {});
  const drained: number[] = [];
  for (const [index, response] of responses.entries()) response.on("drain", () => drained.push(index));
  socket.emit("drain");
  expect(drained).toEqual([]);
  expect(responses[0]?.write(Buffer.alloc(1_048_576))).toBe(false);
  const drain = once(responses[0] as ServerResponse, "drain");
  client.resume();
  await drain;
  expect(drained).toEqual([0]);
  client.destroy();
});

test("a time-out of the socket is that of the response under way, and ends a socket whose response has none", async () => {
  const { socket, responses } = await pipelined(watchedServer());
  socket.removeAllListeners("timeout");
  awaitResponses(socket, new FakeClock(), 1_000, () => {});
  const timedOut: string[] = [];
  responses[0]?.on("timeout", () => timedOut.push("first"));
  socket.emit("timeout");
  expect([timedOut, socket.destroyed]).toEqual([["first"], false]);
  responses[0]?.removeAllListeners("timeout");
  socket.emit("timeout");
  expect(socket.destroyed).toBe(true);
});

test("a wait that takes too long is told at once where no response has begun, else at the last one's end", async () => {
  for (const hasBegun of [false, true]) {
    const { socket, client, responses } = await pipelined(watchedServer());
    const clock = new FakeClock();
    const told: boolean[] = [];
    awaitResponses(socket, clock, 1_000, (isInTime) => told.push(isInTime));
    if (hasBegun) responses[0]?.flushHeaders();
    clock.advance(1_000);
    await new Promise((resolve) => process.nextTick(resolve));
    expect(told).toEqual(hasBegun ? [] : [false]);
    const last = once(responses[1] as ServerResponse, "close");
    client.resume();
    for (const response of responses) response.end();
    await last;
    expect(told).toEqual([false]);
    client.destroy();
  }
});

test("a socket that closes ends the wait", async () => {
  const { socket, client } = await pipelined(watchedServer());
  const ended = new Promise((resolve) => awaitResponses(socket, new FakeClock(), 1_000, resolve));
  client.destroy();
  socket.destroy();
  expect(await ended).toBe(true);
});
