import { ConnectionClosed, type WebSocketDisconnectEvent } from "@ws/events";
import { webSocketScope } from "@ws/testing/driver";
import { describe, expect, test, vi } from "vitest";
import { CloseTracker } from "./close-tracker.js";

const left = (code: number, reason = ""): WebSocketDisconnectEvent => ({
  type: "websocket.disconnect",
  code,
  reason,
});

/** An closing beside a server that tells by a signal of its own. */
function told(): { closing: CloseTracker; controller: AbortController } {
  const controller = new AbortController();
  const { signal } = controller;
  return {
    closing: new CloseTracker(webSocketScope({ extensions: { "websocket.disconnect": { signal } } })),
    controller,
  };
}

describe("without a signal of the server's", () => {
  test("nothing has ended at first", () => {
    const closing = new CloseTracker(webSocketScope());
    expect(closing.error).toBeUndefined();
    expect(closing.signal.aborted).toBe(false);
  });

  test("a disconnect with a code was the client's", async () => {
    const closing = new CloseTracker(webSocketScope());
    closing.disconnected(left(4000, "bye"));
    expect(await closing.closed).toEqual({ code: 4000, reason: "bye", wasClean: true, initiator: "client" });
  });

  test("a disconnect 1006 was the network's", async () => {
    const closing = new CloseTracker(webSocketScope());
    closing.disconnected(left(1006));
    expect(await closing.closed).toEqual({ code: 1006, reason: "", wasClean: false, initiator: "network" });
  });

  test("a close was the application's, with 1000 where it gave no code", async () => {
    const closing = new CloseTracker(webSocketScope());
    closing.closedByApplication({ type: "websocket.close" });
    expect(await closing.closed).toEqual({
      code: 1000,
      reason: "",
      wasClean: true,
      initiator: "application",
    });
    const other = new CloseTracker(webSocketScope());
    other.closedByApplication({ type: "websocket.close", code: 4001, reason: "go" });
    expect(await other.closed).toMatchObject({ code: 4001, reason: "go" });
  });

  test("a handshake that the application refused never was a connection: 1006, not clean", async () => {
    const closing = new CloseTracker(webSocketScope());
    closing.refused();
    expect(await closing.closed).toEqual({
      code: 1006,
      reason: "",
      wasClean: false,
      initiator: "application",
    });
  });

  test("the first end counts", async () => {
    const closing = new CloseTracker(webSocketScope());
    closing.closedByApplication({ type: "websocket.close" });
    const { error } = closing;
    closing.disconnected(left(1006));
    expect(closing.error).toBe(error);
    expect(await closing.closed).toMatchObject({ code: 1000, initiator: "application" });
  });

  test("the signal is aborted with the one error, whether it was asked for before the end or after", () => {
    const before = new CloseTracker(webSocketScope());
    const { signal } = before;
    before.disconnected(left(1001));
    expect(signal.aborted).toBe(true);
    expect(signal.reason).toBe(before.error);
    expect(before.error).toBeInstanceOf(ConnectionClosed);

    const after = new CloseTracker(webSocketScope());
    after.disconnected(left(1001));
    expect(after.signal.reason).toBe(after.error);
    expect(after.signal).toBe(after.signal);
  });

  test("`closed` may be awaited before the end, and asked for as often as one likes", async () => {
    const closing = new CloseTracker(webSocketScope());
    const added = vi.spyOn(closing.signal, "addEventListener");
    const waits = Array.from({ length: 100 }, () => closing.closed);
    expect(added).toHaveBeenCalledOnce();
    closing.disconnected(left(1001));
    const infos = await Promise.all(waits);
    expect(new Set(infos).size).toBe(1);
    expect(infos[0]).toMatchObject({ code: 1001 });
  });
});

describe("with a signal of the server's", () => {
  test("the signal is the server's own", () => {
    const { closing, controller } = told();
    expect(closing.signal).toBe(controller.signal);
  });

  test("the server's account is the error, even before its disconnect was received", async () => {
    const { closing, controller } = told();
    const closed = closing.closed;
    const error = new ConnectionClosed({ code: 1012, reason: "", wasClean: true, initiator: "server" });
    controller.abort(error);
    expect(closing.error).toBe(error);
    expect(await closed).toEqual({ code: 1012, reason: "", wasClean: true, initiator: "server" });
  });

  test("the server's account goes before what the events tell", () => {
    const { closing, controller } = told();
    const error = new ConnectionClosed({ code: 1006, reason: "", wasClean: false, initiator: "server" });
    controller.abort(error);
    closing.disconnected(left(1006));
    expect(closing.error).toBe(error);
  });

  test("a signal that was aborted without an account leaves it to the events", async () => {
    const { closing, controller } = told();
    controller.abort();
    expect(closing.error).toBeUndefined();
    closing.disconnected(left(4000, "bye"));
    expect(closing.error).toMatchObject({ code: 4000, initiator: "client" });
    expect(await closing.closed).toMatchObject({ code: 4000, reason: "bye" });
  });

  test("and where there are no events either, the connection was lost", async () => {
    const { closing, controller } = told();
    controller.abort();
    expect(await closing.closed).toEqual({ code: 1006, reason: "", wasClean: false, initiator: "network" });
  });
});
