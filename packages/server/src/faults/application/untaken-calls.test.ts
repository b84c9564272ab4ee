import { setImmediate as nextTurn } from "node:timers/promises";
import { type Application, trackedRejection } from "@ws/events";
import { expect, test } from "vitest";
import { dial, handshake, portOf, readUntil, webSocket } from "../../raw.fixture.js";
import { Child } from "../child.fixture.js";
import { entered, opened, rest, running } from "../live.fixture.js";

// In this process a rejection that nobody handles would fail the run.

const bad = { type: "websocket.send", text: "\ud800" } as const;

test("fault 188: a raw send that fails and that nobody awaits is a close with 1011 in a process that goes on", async () => {
  const child = new Child({ closeTimeout: 50 });
  const port = await child.port();
  const socket = await dial(port);
  socket.write(handshake("/untaken"));
  const frames = await rest(socket);
  expect(frames.subarray(-4)).toEqual(Buffer.from([0x88, 0x02, 0x03, 0xf3]));
  const next = await dial(port);
  next.write(handshake());
  expect(await readUntil(next, "\r\n\r\n")).toContain(" 101 ");
  next.destroy();
  child.process.kill("SIGTERM");
  expect(await child.ended).toEqual([0, null]);
});

test("fault 188: such a send of a handshake that has no answer is answered with 500", async () => {
  const application = webSocket(async (_scope, receive, send) => {
    await receive();
    void send(bad);
    await receive();
  });
  const { server, logger } = await running(application);
  const socket = await dial(portOf(server));
  socket.write(handshake("/a"));
  expect(String(await rest(socket))).toMatch(/^HTTP\/1\.1 500 /);
  const [line] = logger.lines.filter(({ level }) => level === "error");
  expect(line).toMatchObject({ fields: { path: "/a", call: "send" } });
});

test("fault 188: a call of a layer above, told by the scope's extension, is a close with 1011 as well", async () => {
  const error = new Error("no message of that shape");
  const application = webSocket(async (scope, receive, send) => {
    await receive();
    await send({ type: "websocket.accept" });
    void trackedRejection(error, "receiveJson", scope.extensions["websocket.connection"]?.onFailedCall);
    for (let event = await receive(); event.type !== "websocket.disconnect"; event = await receive());
  });
  const { server, logger } = await running(application, { closeTimeout: 50 });
  const socket = await dial(portOf(server));
  socket.write(handshake());
  expect((await rest(socket)).subarray(-4)).toEqual(Buffer.from([0x88, 0x02, 0x03, 0xf3]));
  const lines = logger.lines.filter(({ level }) => level === "error");
  expect(lines).toMatchObject([{ fields: { call: "receiveJson", error } }]);
});

test("fault 188: several in one turn, and an error that is thrown later too, are logged once", async () => {
  const application = webSocket(async (_scope, receive, send) => {
    await receive();
    await send({ type: "websocket.accept" });
    void send(bad);
    void send(bad);
    const sending = send({ type: "websocket.accept" });
    const first = send(bad);
    for (let event = await receive(); event.type !== "websocket.disconnect"; event = await receive());
    await sending.catch(() => {});
    await first;
  });
  const { logger, socket, server } = await opened(application, { closeTimeout: 50 });
  await rest(socket);
  await expect.poll(() => server.connections).toBe(0);
  await nextTurn();
  expect(logger.of("error")).toEqual(["a call failed and nobody awaited it", "the application failed"]);
  expect(await entered(server)).toBeDefined();
});

test("fault 188: an error that was logged and is thrown later is not logged again", async () => {
  const application = webSocket(async (_scope, receive, send) => {
    await receive();
    await send({ type: "websocket.accept" });
    const sending = send(bad);
    for (let event = await receive(); event.type !== "websocket.disconnect"; event = await receive());
    await sending;
  });
  const { logger, socket, server } = await opened(application, { closeTimeout: 50 });
  await rest(socket);
  await server.close();
  expect(logger.of("error")).toEqual(["a call failed and nobody awaited it"]);
});

test("fault 188: a send after the end is no more than a line for who debugs, however many there are", async () => {
  let sent!: () => void;
  const hasSent = new Promise<void>((resolve) => {
    sent = resolve;
  });
  const application = webSocket(async (_scope, receive, send) => {
    await receive();
    await send({ type: "websocket.accept" });
    while ((await receive()).type !== "websocket.disconnect");
    for (let index = 0; index < 100; index += 1) void send({ type: "websocket.send", text: "x" });
    await nextTurn();
    await nextTurn();
    sent();
  });
  const { logger, socket } = await opened(application);
  socket.destroy();
  await hasSent;
  const lines = logger.lines.filter(({ fields }) => fields !== undefined);
  expect(lines).toMatchObject([{ level: "debug", fields: { path: "/", call: "send" } }]);
});

const request = "GET /page HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

async function answerOf(application: Application) {
  const { server, logger } = await running(application);
  const socket = await dial(portOf(server));
  socket.write(request);
  return { answer: String(await rest(socket)), logger };
}

test("fault 188: on an http scope it is answered with 500, or harms no answer that is whole", async () => {
  const bodyFirst = await answerOf(async (scope, _receive, send) => {
    if (scope.type !== "http") throw new TypeError("no lifespan");
    void send({ type: "http.response.body" });
    await nextTurn();
    await nextTurn();
  });
  expect(bodyFirst.answer).toMatch(/^HTTP\/1\.1 500 /);
  expect(bodyFirst.logger.lines).toContainEqual(
    expect.objectContaining({
      level: "error",
      message: "a call failed and nobody awaited it",
      fields: expect.objectContaining({ path: "/page", call: "send" }),
    }),
  );
  const bodyTwice = await answerOf(async (scope, _receive, send) => {
    if (scope.type !== "http") throw new TypeError("no lifespan");
    await send({ type: "http.response.start", status: 200 });
    await send({ type: "http.response.body", body: Buffer.from("whole") });
    void send({ type: "http.response.body" });
    await send({ type: "http.response.body" }).catch(() => {});
  });
  expect(bodyTwice.answer).toMatch(/^HTTP\/1\.1 200 [\s\S]*whole$/);
});

test("fault 188: on the lifespan scope it fails a start that waits for its answer at once, and later is logged", async () => {
  const starting = running(async (_scope, receive, send) => {
    await receive();
    void send({ type: "lifespan.startup.failed", message: 5 } as never);
    await receive();
  });
  await expect(starting).rejects.toThrow(/^start-up failed: .*message: expected a string/);
  const throwing = running(async (_scope, receive, send) => {
    await receive();
    void send(new Proxy({ type: "lifespan.startup.complete" } as const, { get: () => null }) as never);
    await receive();
  });
  await expect(throwing).rejects.toThrow("start-up failed");
  const { logger } = await running(async (scope, receive, send) => {
    if (scope.type !== "lifespan") return;
    await receive();
    await send({ type: "lifespan.startup.complete" });
    void send({ type: "lifespan.startup.complete" });
    await send({ type: "lifespan.startup.complete" }).catch(() => {});
    await receive();
    await send({ type: "lifespan.shutdown.complete" });
  });
  await expect
    .poll(() => logger.of("error"))
    .toEqual(["a call of the lifespan failed and nobody awaited it"]);
});
