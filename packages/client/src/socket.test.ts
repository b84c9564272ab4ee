import { expect, test, vi } from "vitest";
import { z } from "zod";
import { type FakeSockets, fakeSockets, fakeTime, settled } from "./fake-socket.fixture.js";
import { createSocket, type SocketOptions, type TypedSocket } from "./socket.js";

type Plain = SocketOptions<undefined, undefined>;

function plain(options: Plain = {}): { sockets: FakeSockets; socket: TypedSocket } {
  const sockets = fakeSockets();
  const socket = createSocket("ws://test/", { WebSocket: sockets.WebSocket, ...options });
  return { sockets, socket };
}

/** Connected, as soon as the promise resolves. */
async function opened(options: Plain = {}): Promise<ReturnType<typeof plain>> {
  const made = plain(options);
  const connecting = made.socket.connect();
  await settled();
  made.sockets.last.open();
  await connecting;
  return made;
}

test("nothing is dialed before there is something to do", async () => {
  const { sockets, socket } = plain();
  await settled();
  expect([socket.state, sockets.all]).toEqual([{ phase: "idle" }, []]);
});

test("what is sent before it is open waits, in order, and resolves when a socket took it", async () => {
  const { sockets, socket } = plain({ protocols: ["chat"] });
  const sending = [socket.send("a"), socket.send(new Uint8Array([1])), socket.send("")];
  await settled();
  expect(socket.state).toEqual({ phase: "connecting", attempt: 1, since: undefined });
  expect([sockets.last.url, sockets.last.protocols, sockets.last.binaryType]).toEqual([
    "ws://test/",
    ["chat"],
    "arraybuffer",
  ]);
  sockets.last.open();
  expect(await Promise.all(sending)).toEqual([true, true, true]);
  expect(sockets.last.sent).toEqual(["a", new Uint8Array([1]), ""]);
});

test("what comes is handed out in order, texts and bytes, and the loop ends when the server ends it", async () => {
  const { sockets, socket } = await opened();
  sockets.last.message("one");
  sockets.last.message(new Uint8Array([2]).buffer);
  sockets.last.drop(1000, "done");
  sockets.last.message("too late");
  const heard: unknown[] = [];
  for await (const message of socket) heard.push(message);
  expect(heard).toEqual(["one", new Uint8Array([2])]);
  expect(socket.state).toEqual({ phase: "closed", down: { code: 1000, reason: "done", kind: "ended" } });
  await expect(socket.send("x")).rejects.toThrow("closed 1000 done");
  await expect(socket.connect()).rejects.toMatchObject({ code: "ERR_WS_CLOSED" });
});

test("a loop that waits gets what comes, and ends with the client", async () => {
  const { sockets, socket } = await opened();
  const loop = socket[Symbol.asyncIterator]();
  const both = [loop.next(), loop.next()];
  sockets.last.message("one");
  socket.close();
  expect(await Promise.all(both)).toEqual([{ value: "one" }, { done: true, value: undefined }]);
  expect(sockets.last.closedWith).toBe(1000);
  expect(socket.state).toEqual({ phase: "closed", down: undefined });
});

test("a loop over a socket that is not connected connects it", async () => {
  const { sockets, socket } = plain();
  const taking = socket[Symbol.asyncIterator]().next();
  await settled();
  sockets.last.open();
  sockets.last.message("hi");
  expect(await taking).toEqual({ value: "hi" });
});

test("JSON is written, read and validated; what is not of the schema throws in its place, and iterating goes on", async () => {
  const sockets = fakeSockets();
  const socket = createSocket("ws://test/", {
    WebSocket: sockets.WebSocket,
    json: true,
    send: z.object({ a: z.number() }),
    receive: z.object({ b: z.coerce.number() }),
  });
  const sending = socket.send({ a: 1 });
  await settled();
  sockets.last.open();
  expect([await sending, sockets.last.sent]).toEqual([true, ['{"a":1}']]);
  for (const text of ['{"b":"2"}', "{", '{"b":"x"}', '{"b":3}']) sockets.last.message(text);
  const loop = socket[Symbol.asyncIterator]();
  expect(await loop.next()).toEqual({ value: { b: 2 } });
  await expect(loop.next()).rejects.toMatchObject({ code: "ERR_WS_INVALID_MESSAGE" });
  await expect(loop.next()).rejects.toThrow("invalid message Invalid input");
  expect(await loop.next()).toEqual({ value: { b: 3 } });
});

test("of messages that nobody takes the oldest are dropped, and the loop says how many", async () => {
  const { sockets, socket } = await opened({ max: 2 });
  for (const text of ["1", "2", "3", "4"]) sockets.last.message(text);
  const loop = socket[Symbol.asyncIterator]();
  await expect(loop.next()).rejects.toThrow("overflow of 2: 2 were dropped");
  expect([await loop.next(), await loop.next()]).toEqual([{ value: "3" }, { value: "4" }]);
});

test("a volatile message is dropped where no socket takes it at once", async () => {
  const { sockets, socket } = plain();
  expect(await socket.send("lost", { volatile: true })).toBe(false);
  const connecting = socket.connect();
  await settled();
  sockets.last.open();
  await connecting;
  expect(await socket.send("now", { volatile: true })).toBe(true);
  sockets.last.bufferedAmount = 1_048_577;
  expect(await socket.send("later", { volatile: true })).toBe(false);
  expect(sockets.last.sent).toEqual(["now"]);
});

test("above 1 MiB that a socket has not written sends wait, and it is looked at each 50 ms", async () => {
  fakeTime();
  const { sockets, socket } = await opened();
  sockets.last.bufferedAmount = 1_048_577;
  let isSent = false;
  const sending = socket.send("a").then(() => {
    isSent = true;
  });
  await vi.advanceTimersByTimeAsync(120);
  expect([isSent, sockets.last.sent]).toEqual([false, []]);
  sockets.last.bufferedAmount = 1_048_576;
  await vi.advanceTimersByTimeAsync(49);
  await sending;
  expect(sockets.last.sent).toEqual(["a"]);
});

test("a socket that closes takes nothing more: it would lose it", async () => {
  fakeTime();
  const { sockets, socket } = await opened();
  const [first] = sockets.all;
  sockets.last.readyState = 2;
  const sending = socket.send("kept");
  expect(first?.sent).toEqual([]);
  sockets.last.drop();
  await vi.advanceTimersByTimeAsync(500);
  sockets.last.open();
  expect([await sending, sockets.last.sent]).toEqual([true, ["kept"]]);
});

test("what no socket took in 15 s is not sent later", async () => {
  fakeTime();
  const { sockets, socket } = plain();
  const sending = socket.send("old");
  const failed = expect(sending).rejects.toMatchObject({
    code: "ERR_WS_NOT_SENT",
    message: "not sent in 15000 ms",
    maybeDone: false,
  });
  await vi.advanceTimersByTimeAsync(15_000);
  await failed;
  sockets.last.open();
  await settled();
  expect(sockets.last.sent).toEqual([]);
});

test("a send that is given up is taken out of the outbox", async () => {
  const { sockets, socket } = plain();
  const giveUp = new AbortController();
  const sending = socket.send("never", { signal: giveUp.signal });
  giveUp.abort(new Error("given up"));
  await expect(sending).rejects.toThrow("given up");
  await expect(socket.send("never", { signal: giveUp.signal })).rejects.toThrow("given up");
  await settled();
  sockets.last.open();
  await settled();
  expect(sockets.last.sent).toEqual([]);
});

test("the outbox holds so many messages and bytes, and says when it is full", async () => {
  const { socket } = plain({ outbox: { messages: 2, bytes: 6 } });
  const kept = [socket.send("ää"), socket.send("b")];
  for (const sending of kept) sending.catch(() => {});
  await expect(socket.send("c")).rejects.toThrow("outbox full 2 messages, 5 bytes");
  socket.close();
  for (const sending of kept) await expect(sending).rejects.toMatchObject({ code: "ERR_WS_CLOSED" });
  const { socket: other } = plain({ outbox: { bytes: 3 } });
  await expect(other.send("ääa")).rejects.toMatchObject({ code: "ERR_WS_OUTBOX_FULL" });
  other.close();
});

test("connect waits for its turn in a full outbox too, and gives up with its signal", async () => {
  const { sockets, socket } = plain({ outbox: { messages: 0 } });
  const giveUp = new AbortController();
  const [connecting, given] = [socket.connect(), socket.connect({ signal: giveUp.signal })];
  giveUp.abort(new Error("enough"));
  await expect(given).rejects.toThrow("enough");
  await settled();
  sockets.last.open();
  await connecting;
  expect(socket.state.phase).toBe("open");
});

test("disposing of it waits for the outbox, a second at most", async () => {
  const { sockets, socket } = plain();
  void socket.send("last words");
  const ending = socket[Symbol.asyncDispose]();
  await settled();
  sockets.last.open();
  await ending;
  expect([sockets.last.sent, sockets.last.closedWith]).toEqual([["last words"], 1000]);
  const idle = plain();
  await idle.socket[Symbol.asyncDispose]();
  expect([idle.socket.state.phase, idle.sockets.all]).toEqual(["closed", []]);
});

test("what can't be sent in that second is rejected", async () => {
  const given = new AbortController();
  vi.spyOn(AbortSignal, "timeout").mockReturnValue(given.signal);
  const { socket } = plain();
  const sending = socket.send("never");
  sending.catch(() => {});
  const ending = socket[Symbol.asyncDispose]();
  given.abort();
  await ending;
  expect(AbortSignal.timeout).toHaveBeenCalledWith(1_000);
  await expect(sending).rejects.toMatchObject({ code: "ERR_WS_CLOSED" });
});

test("a heartbeat is sent in silence; its answers are not handed out, and without one the socket is replaced", async () => {
  fakeTime();
  const { sockets, socket } = await opened({
    heartbeat: { every: 20_000, message: "ping", isReply: (data) => data === "pong" },
  });
  await vi.advanceTimersByTimeAsync(20_000);
  expect(sockets.last.sent).toEqual(["ping"]);
  sockets.last.message("pong");
  await vi.advanceTimersByTimeAsync(20_000 + 9_999);
  expect([sockets.last.sent, socket.state.phase]).toEqual([["ping", "ping"], "open"]);
  await vi.advanceTimersByTimeAsync(1);
  expect(socket.state).toMatchObject({ phase: "waiting", down: { code: 1006, reason: "no sign of life" } });
  expect(sockets.last.closedWith).toBe(1005);
});

test("a platform without a WebSocket is told what to do", () => {
  vi.stubGlobal("WebSocket", undefined);
  expect(() => createSocket("ws://test/")).toThrow(
    "no websocket here: pass that of the package ws as an option",
  );
  const { WebSocket } = fakeSockets();
  vi.stubGlobal("WebSocket", WebSocket);
  expect(createSocket("ws://test/").state.phase).toBe("idle");
});
