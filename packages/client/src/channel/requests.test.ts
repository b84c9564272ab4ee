import { expect, test, vi } from "vitest";
import { fakeTime, settled } from "../fake-socket.fixture.js";
import { RequestError } from "../index.js";
import { answer, chat, fail, greet, greeted, made } from "./client.fixture.js";

test("an open socket proves nothing: connect resolves on the server's hello", async () => {
  const { client, sockets } = made();
  let isConnected = false;
  const connecting = client.connect().then(() => {
    isConnected = true;
  });
  await settled();
  expect(sockets.last.protocols).toEqual(["jsonrpc.topics.v1"]);
  sockets.last.open();
  await settled();
  expect([isConnected, client.state.phase]).toEqual([false, "connecting"]);
  sockets.last.hello();
  sockets.last.hello();
  await connecting;
  expect(client.state.phase).toBe("open");
});

test("messages and requests share one queue, and go out in the order of the calls", async () => {
  const both = made();
  const { client, sockets } = both;
  const sending = client.send("typing", { on: true });
  const asking = client.request("say", { text: "hi" });
  const last = client.send("typing", { on: false });
  await settled();
  greet(both);
  expect(sockets.last.frames).toEqual([
    { jsonrpc: "2.0", method: "typing", params: { on: true } },
    { jsonrpc: "2.0", id: 1, method: "say", params: { text: "hi" } },
    { jsonrpc: "2.0", method: "typing", params: { on: false } },
  ]);
  answer(both, "say", { n: 1 });
  answer(both, "say", { n: 2 });
  expect(await Promise.all([sending, asking, last])).toEqual([true, { n: 1 }, true]);
});

test("an error that the contract declares has its name and its data", async () => {
  const both = await greeted();
  const asking = both.client.request("say", { text: "hi" });
  fail(both, "say", { code: 1, message: "muted", data: { until: "noon" } });
  const error: unknown = await asking.catch((thrown) => thrown);
  expect(error).toBeInstanceOf(RequestError);
  expect(error).toMatchObject({ code: "ERR_WS_REQUEST", name: "muted", data: { until: "noon" }, status: 1 });
  expect(both.client.isError("say", error)).toBe(true);
  expect(both.client.isError("history", error)).toBe(false);
  expect(both.client.isError("say", new Error("another"))).toBe(false);
  if (both.client.isError("say", error)) expect(error.data.until).toBe("noon");
});

test("another error says its code, and is none of the contract", async () => {
  const both = await greeted();
  const asking = both.client.request("history");
  fail(both, "history", { code: -32602, message: "invalid params", data: { issues: [] } });
  const error: unknown = await asking.catch((thrown) => thrown);
  expect(error).toMatchObject({ name: "RequestError", message: "invalid params", status: -32602 });
  expect(both.client.isError("history", error)).toBe(false);
});

test("by default a request runs once at most: where its connection is lost it is rejected, and may be done", async () => {
  const both = await greeted();
  const asking = both.client.request("say", { text: "hi" });
  both.sockets.last.drop();
  await expect(asking).rejects.toMatchObject({ code: "ERR_WS_CONNECTION_LOST", maybeDone: true });
});

test("what was never sent waits for the next connection, behind what is sent again", async () => {
  fakeTime();
  const both = await greeted();
  const { client, sockets } = both;
  const asked = [
    client.request("history", undefined, { idempotent: true }),
    client.request("say", { text: "keyed" }, { key: "k1" }),
  ];
  sockets.last.drop();
  const sending = client.send("typing", { on: true });
  await vi.advanceTimersByTimeAsync(500);
  greet(both);
  expect(sockets.last.frames.map(({ id, method }) => [id, method])).toEqual([
    [1, "history"],
    ["k1", "say"],
    [undefined, "typing"],
  ]);
  answer(both, "history", []);
  answer(both, "say", { n: 1 });
  expect(await Promise.all([...asked, sending])).toEqual([[], { n: 1 }, true]);
});

test("1009: what was under way is rejected, and never sent again", async () => {
  fakeTime();
  const both = await greeted();
  const asking = both.client.request("say", { text: "big" }, { key: "k" });
  both.sockets.last.drop(1009);
  await expect(asking).rejects.toMatchObject({ code: "ERR_WS_CONNECTION_LOST" });
  await vi.advanceTimersByTimeAsync(500);
  greet(both);
  expect(both.sockets.last.framesOf("say")).toEqual([]);
});

test("what is larger than the server takes is rejected, and not sent", async () => {
  const both = await greeted({}, { maxMessage: 60, topics: 256 });
  await expect(both.client.request("say", { text: "x".repeat(60) })).rejects.toThrow(
    "message too big 120 bytes of 60",
  );
  expect(both.sockets.last.framesOf("say")).toEqual([]);
});

test("a request that takes too long is cancelled; with silence since, the server is asked for a sign of life", async () => {
  fakeTime();
  const both = await greeted();
  await vi.advanceTimersByTimeAsync(10);
  const asking = both.client.request("say", { text: "hi" }, { timeout: 1_000 });
  const failed = expect(asking).rejects.toMatchObject({ code: "ERR_WS_TIMEOUT", maybeDone: true });
  await vi.advanceTimersByTimeAsync(1_000);
  await failed;
  const { last } = both.sockets;
  expect(last.framesOf("$/cancelRequest")).toMatchObject([{ params: { id: 1 } }]);
  expect(last.framesOf("$/ping")).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(both.client.state).toMatchObject({ phase: "waiting", down: { reason: "no sign of life" } });
});

test("a request that takes too long while the server speaks asks for a sign of life with 10 s: its reply may be behind the rest", async () => {
  fakeTime();
  const both = await greeted();
  const asking = both.client.request("say", { text: "hi" });
  const failed = expect(asking).rejects.toThrow("timeout in 15000 ms");
  await vi.advanceTimersByTimeAsync(5_000);
  both.sockets.last.tell({ method: "notice", params: { text: "busy" } });
  await vi.advanceTimersByTimeAsync(10_000);
  await failed;
  await vi.advanceTimersByTimeAsync(9_999);
  both.sockets.last.tell({ method: "notice", params: { text: "busy" } });
  expect(both.client.state.phase).toBe("open");
  await vi.advanceTimersByTimeAsync(1);
  expect(both.client.state).toMatchObject({ phase: "waiting", down: { reason: "no sign of life" } });
});

test.each([
  ["a message of the server is no", "waiting", { method: "notice", params: { text: "busy" } }],
  ["a reply to what was asked before is no", "waiting", { id: 1, result: { n: 1 } }],
  ["a reply to a key is no", "waiting", { id: "key", result: { n: 1 } }],
  ["a reply to what was asked later is a", "open", { id: 4, result: { n: 1 } }],
  ["its own answer is a", "open", { id: 3, result: null }],
])("%s sign of life: then it is %s", async (_, phase, frame) => {
  fakeTime();
  const both = await greeted();
  const ask = (options: object): void => {
    both.client.request("say", { text: "hi" }, { timeout: 60_000, ...options }).catch(() => {});
  };
  ask({});
  ask({ key: "key" });
  await vi.advanceTimersByTimeAsync(25_000);
  expect(both.sockets.last.framesOf("$/ping")).toMatchObject([{ id: 3 }]);
  ask({});
  await settled();
  both.sockets.last.tell(frame);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(both.client.state.phase).toBe(phase);
});

test("aborted while it waits it is not sent later; aborted under way it is cancelled", async () => {
  const both = made();
  const [early, late] = [new AbortController(), new AbortController()];
  const waiting = both.client.request("say", { text: "a" }, { signal: early.signal });
  const sent = both.client.request("say", { text: "b" }, { signal: late.signal });
  early.abort(new Error("early"));
  await expect(waiting).rejects.toThrow("early");
  greet({ ...both });
  late.abort(new Error("late"));
  await expect(sent).rejects.toThrow("late");
  expect(both.sockets.last.frames).toMatchObject([
    { method: "say", params: { text: "b" } },
    { method: "$/cancelRequest", params: { id: 2 } },
  ]);
});

test("aborted while its connection closes, a request is given up, and nothing is sent into that", async () => {
  const both = await greeted();
  const controller = new AbortController();
  const asking = both.client.request("history", undefined, { signal: controller.signal });
  both.sockets.last.readyState = 2;
  controller.abort(new Error("enough"));
  await expect(asking).rejects.toThrow("enough");
  expect(both.sockets.last.framesOf("$/cancelRequest")).toEqual([]);
});

test("a reply that comes behind an abort, in the same turn, settles nothing a second time", async () => {
  const both = await greeted();
  const controller = new AbortController();
  const asking = both.client.request("history", undefined, { signal: controller.signal });
  controller.abort(new Error("enough"));
  answer(both, "history", []);
  await expect(asking).rejects.toThrow("enough");
});

test("close settles everything", async () => {
  const both = await greeted();
  const pending = [both.client.request("history"), both.client.request("say", { text: "x" }, { key: "k" })];
  both.client.close();
  for (const asking of pending) await expect(asking).rejects.toMatchObject({ code: "ERR_WS_CLOSED" });
  await expect(both.client.request("history")).rejects.toMatchObject({ code: "ERR_WS_CLOSED" });
});

test("a key that is under way can't be used for another request", async () => {
  const both = await greeted();
  const first = both.client.request("say", { text: "a" }, { key: "k" });
  await expect(both.client.request("say", { text: "b" }, { key: "k" })).rejects.toThrow(
    "the key k is under way",
  );
  answer(both, "say", { n: 1 });
  expect(await first).toEqual({ n: 1 });
  void both.client.request("say", { text: "c" }, { key: "k" }).catch(() => {});
  expect(both.sockets.last.framesOf("say")).toHaveLength(2);
});

test("an input that is no JSON is rejected, and takes no place", async () => {
  const both = await greeted();
  await expect(both.client.request("say", { text: 1n as never })).rejects.toThrow(TypeError);
  await expect(both.client.send("typing", { on: 1n as never })).rejects.toThrow(TypeError);
});

test("what no later reply has confirmed is counted when a connection is lost", async () => {
  const both = await greeted();
  const { client, sockets } = both;
  await client.send("typing", { on: true });
  const asking = client.request("history");
  await client.send("typing", { on: false });
  await client.send("typing", { on: true });
  answer(both, "history", []);
  await asking;
  sockets.last.drop();
  expect(client.state).toMatchObject({ phase: "waiting", unconfirmed: 2 });
});

test("messages of the server reach those who listen, until they stop", async () => {
  const both = await greeted();
  const heard: string[] = [];
  const stop = both.client.on("notice", ({ text }) => heard.push(text));
  const tell = (text: string): void => both.sockets.last.tell({ method: "notice", params: { text } });
  tell("one");
  await settled();
  stop();
  tell("two");
  both.sockets.last.tell({ method: "unknown" });
  await settled();
  expect(heard).toEqual(["one"]);
});

test("a volatile message is dropped while there is no connection", async () => {
  const both = made();
  expect(await both.client.send("typing", { on: true }, { volatile: true })).toBe(false);
});

test("requests of the server are answered: a result, a declared error, a fault, no such method", async () => {
  const both = await greeted();
  const { client, sockets } = both;
  const ask = async (id: number, method: string, text = ""): Promise<unknown> => {
    sockets.last.tell({ id, method, params: { text } });
    await settled();
    return sockets.last.frames.at(-1);
  };
  const reported = vi.fn();
  const stop = client.handle("confirm", ({ text }) => {
    if (text === "fault") throw new Error("secret");
    if (text === "muted") throw new RequestError("muted", { until: "noon" });
    return text === "yes";
  });
  expect(await ask(1, "confirm", "yes")).toEqual({ jsonrpc: "2.0", id: 1, result: true });
  expect(await ask(2, "confirm", "muted")).toEqual({
    jsonrpc: "2.0",
    id: 2,
    error: { code: 1, message: "muted", data: { until: "noon" } },
  });
  const internal = { code: -32603, message: "internal error" };
  expect(await ask(3, "confirm", "fault")).toEqual({ jsonrpc: "2.0", id: 3, error: internal });
  vi.stubGlobal("reportError", reported);
  expect(await ask(4, "confirm", "fault")).toEqual({ jsonrpc: "2.0", id: 4, error: internal });
  expect(reported).toHaveBeenCalledWith(new Error("secret"));
  client.handle("confirm", () => undefined as never);
  stop();
  expect(await ask(5, "confirm")).toEqual({ jsonrpc: "2.0", id: 5, result: null });
  expect(await ask(7, "$/ping")).toEqual({ jsonrpc: "2.0", id: 7, result: null });
  expect(await ask(6, "nothing")).toEqual({
    jsonrpc: "2.0",
    id: 6,
    error: { code: -32601, message: "method not found" },
  });
});

test("a request of the server that is cancelled aborts its handler, and 256 are the most under way", async () => {
  const both = await greeted();
  const { client, sockets } = both;
  let aborted = 0;
  client.handle(
    "confirm",
    (_input, { signal }) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener("abort", () => {
          aborted += 1;
          reject(new RequestError("", undefined, "cancelled", -32800));
        });
      }),
  );
  for (let id = 0; id < 257; id += 1) sockets.last.tell({ id, method: "confirm" });
  await settled();
  expect(sockets.last.frames).toMatchObject([{ id: 256, error: { code: -32000 } }]);
  sockets.last.tell({ method: "$/cancelRequest", params: { id: 7 } });
  sockets.last.tell({ method: "$/cancelRequest", params: { id: "unknown" } });
  await settled();
  expect(aborted).toBe(1);
  expect(sockets.last.frames.at(-1)).toMatchObject({ id: 7, error: { code: -32800 } });
  sockets.last.drop();
  await settled();
  expect(sockets.last.frames).toHaveLength(2);
});

test("a stop of handling leaves a later handler in its place", async () => {
  const both = await greeted();
  const stop = both.client.handle("confirm", () => true);
  stop();
  both.sockets.last.tell({ id: 1, method: "confirm" });
  await settled();
  expect(both.sockets.last.frames.at(-1)).toMatchObject({ error: { code: -32601 } });
});

test("a handler that is done after its connection was lost answers nobody", async () => {
  fakeTime();
  const both = await greeted();
  let finish: (value: boolean) => void = () => {};
  both.client.handle("confirm", () => new Promise<boolean>((resolve) => (finish = resolve)));
  both.sockets.last.tell({ id: 1, method: "confirm" });
  await settled();
  both.sockets.last.drop();
  finish(true);
  await settled();
  expect(both.sockets.last.sent).toEqual([]);
});

test("what a hostile server sends throws nothing out of the socket", async () => {
  const both = await greeted();
  const { last } = both.sockets;
  const texts = [
    "{",
    "null",
    "7",
    "[]",
    "{}",
    '"x"',
    '{"id":{},"result":1}',
    '{"id":99,"result":1}',
    '{"id":null,"error":{}}',
    '{"method":7}',
    '{"method":"__proto__","params":{}}',
    '{"method":"$/event"}',
    '{"method":"$/event","params":null}',
    '{"method":"$/hello","params":{"maxMessage":"x","expiresIn":"y"}}',
    '{"method":"$/drain"}',
    '{"method":"$/cancelRequest","params":7}',
    '{"id":5,"method":"__proto__"}',
  ];
  for (const text of texts) expect(() => last.message(text)).not.toThrow();
  last.message(new Uint8Array([1, 2]).buffer);
  await settled();
  expect(both.client.state.phase).toBe("open");
  void chat;
});
