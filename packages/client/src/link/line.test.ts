import { getEventListeners } from "node:events";
import { expect, test, vi } from "vitest";
import { answer, greeted } from "../channel/client.fixture.js";
import { fakeSockets, settled } from "../fake-socket.fixture.js";
import { createSocket } from "../socket.js";

test("the calls of a client may be handed on without it", async () => {
  const made = await greeted();
  const { close, connect, handle, isError, on, onState, request, retry, send, subscribe } = made.client;
  const [phases, notices] = [vi.fn(), vi.fn()];
  onState(({ phase }) => phases(phase));
  on("notice", ({ text }) => notices(text));
  handle("confirm", () => true);
  subscribe("said", { onMessage: () => {}, onGap: () => {} });
  await connect();
  expect(await send("typing", { on: true })).toBe(true);
  const asked = request("history");
  answer(made, "history", []);
  expect([await asked, isError("say", new Error())]).toEqual([[], false]);
  made.sockets.last.tell({ method: "notice", params: { text: "hi" } });
  made.sockets.last.tell({ id: "s1", method: "confirm", params: { text: "sure?" } });
  await settled();
  expect([notices.mock.calls, made.sockets.last.frames.at(-1)]).toMatchObject([
    [["hi"]],
    { id: "s1", result: true },
  ]);
  retry();
  close();
  await settled();
  expect(phases.mock.calls).toEqual([["closed"]]);
});

test("a client works through the proxy in which a framework's store wraps what it is given", async () => {
  const made = await greeted();
  const client = new Proxy(made.client, {});
  expect(await client.send("typing", { on: true })).toBe(true);
  const subscription = client.subscribe("said");
  // Such a store leaves alone what can't be extended.
  expect(Object.isExtensible(subscription)).toBe(false);
  await client[Symbol.asyncDispose]();
  expect(client.state.phase).toBe("closed");
  await expect(subscription[Symbol.asyncIterator]().next()).resolves.toEqual({
    done: true,
    value: undefined,
  });
});

test("so does a plain socket, its loop included", async () => {
  const sockets = fakeSockets();
  const socket = new Proxy(createSocket("ws://test/", { WebSocket: sockets.WebSocket }), {});
  const { send, [Symbol.asyncIterator]: iterate } = socket;
  const sent = send("hello");
  await settled();
  sockets.last.open();
  sockets.last.message("hello you");
  expect([await sent, sockets.last.sent]).toEqual([true, ["hello"]]);
  expect(await iterate().next()).toEqual({ value: "hello you" });
  socket.close();
  expect(await socket[Symbol.asyncIterator]().next()).toEqual({ done: true, value: undefined });
});

test("a client that is closed leaves nothing at the signal of its options", async () => {
  const { signal } = new AbortController();
  const { client } = await greeted({ signal });
  expect(getEventListeners(signal, "abort")).toHaveLength(1);
  client.close();
  expect(getEventListeners(signal, "abort")).toHaveLength(0);
});
