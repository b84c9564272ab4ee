import { ConnectionClosed, prepare } from "@ws/events";
import { connect, loopback, start } from "@ws/testing";
import { expect, test, vi } from "vitest";
import { compose } from "../index.js";

/** A second copy of the middleware and of all below it, as another version in `node_modules` would be. */
async function secondCopy() {
  vi.resetModules();
  const [middleware, router, events] = await Promise.all([
    import("../index.js"),
    import("@ws/router"),
    import("@ws/events"),
  ]);
  expect(events.ConnectionClosed).not.toBe(ConnectionClosed);
  return { ...middleware, ...router, events };
}

test("fault 202: a view of another copy whose client left is no failure to the server, nor to middleware", async () => {
  const { websockets, createRouter, websocket, catchErrors } = await secondCopy();
  const onError = vi.fn();
  let settle!: (error: unknown) => void;
  const ended = new Promise<unknown>((resolve) => {
    settle = resolve;
  });
  const view = websocket("/", async (socket) => {
    await socket.accept();
    try {
      for (;;) await socket.receiveText();
    } catch (error) {
      settle(error);
      throw error;
    }
  });
  const logged = vi.fn();
  const logger = { debug() {}, info() {}, warn: logged, error: logged };
  const application = compose(catchErrors(onError))(websockets(createRouter([view]))());
  const server = await start(application, { transport: loopback, logger });
  const session = await server.connect("/");
  session.terminate();
  // The server's own, made by the first copy.
  expect(await ended).toBeInstanceOf(ConnectionClosed);
  await server.close();
  expect(logged).not.toHaveBeenCalled();
  expect(onError).not.toHaveBeenCalled();
});

test("fault 202: an InvalidMessage of another copy closes as one of ours does", async () => {
  const { websockets } = await import("../index.js");
  const { createRouter, websocket, events } = await secondCopy();
  const view = websocket("/", async (socket) => {
    await socket.accept();
    throw new events.InvalidMessage("ERR_WS_MESSAGE_SCHEMA", "not this");
  });
  await using session = await connect(websockets(createRouter([view]))(), "/");
  expect(await session.closed).toMatchObject({ code: 1008, reason: "not this" });
});

test("fault 202: what another copy prepared, and a call of it that nobody awaits, are known to the server", async () => {
  const { websockets, createRouter, websocket, events } = await secondCopy();
  const view = websocket("/", async (socket) => {
    await socket.accept();
    await socket.send(events.prepare({ type: "websocket.send", text: "theirs" }));
    await socket.send(prepare({ type: "websocket.send", text: "ours" }));
    void socket.sendText("\ud800");
    await socket.closed;
  });
  const error = vi.fn();
  const logger = { debug() {}, info() {}, warn: error, error };
  await using server = await start(websockets(createRouter([view]))(), { logger });
  const session = await server.connect("/");
  expect([await session.receiveText(), await session.receiveText()]).toEqual(["theirs", "ours"]);
  expect(await session.closed).toMatchObject({ code: 1011 });
  expect(error).toHaveBeenCalledExactlyOnceWith(
    "a call failed and nobody awaited it",
    expect.objectContaining({ path: "/", call: "sendText" }),
  );
  expect(await session.thrown).toBeInstanceOf(events.ProtocolError);
});
