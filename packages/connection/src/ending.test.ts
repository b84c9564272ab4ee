import { ConnectionClosed, type WebSocketDisconnectEvent } from "@ws/events";
import { describe, expect, it, vi } from "vitest";
import { Ending } from "./ending.js";
import { fakeScope } from "./wire.fixture.js";

const left = (code: number, reason = ""): WebSocketDisconnectEvent => ({
  type: "websocket.disconnect",
  code,
  reason,
});

/** An ending beside a server that tells by a signal of its own. */
function told(): { ending: Ending; controller: AbortController } {
  const controller = new AbortController();
  const { signal } = controller;
  return {
    ending: new Ending(fakeScope({ extensions: { "websocket.disconnect": { signal } } })),
    controller,
  };
}

describe("without a signal of the server's", () => {
  it("nothing has ended at first", () => {
    const ending = new Ending(fakeScope());
    expect(ending.error).toBeUndefined();
    expect(ending.signal.aborted).toBe(false);
  });

  it("a disconnect with a code was the client's", async () => {
    const ending = new Ending(fakeScope());
    ending.disconnected(left(4000, "bye"));
    expect(await ending.closed).toEqual({ code: 4000, reason: "bye", wasClean: true, initiator: "client" });
  });

  it("a disconnect 1006 was the network's", async () => {
    const ending = new Ending(fakeScope());
    ending.disconnected(left(1006));
    expect(await ending.closed).toEqual({ code: 1006, reason: "", wasClean: false, initiator: "network" });
  });

  it("a close was the application's, with 1000 where it gave no code", async () => {
    const ending = new Ending(fakeScope());
    ending.closedByApplication({ type: "websocket.close" });
    expect(await ending.closed).toEqual({ code: 1000, reason: "", wasClean: true, initiator: "application" });
    const other = new Ending(fakeScope());
    other.closedByApplication({ type: "websocket.close", code: 4001, reason: "go" });
    expect(await other.closed).toMatchObject({ code: 4001, reason: "go" });
  });

  it("a handshake that the application refused never was a connection: 1006, not clean", async () => {
    const ending = new Ending(fakeScope());
    ending.refused();
    expect(await ending.closed).toEqual({
      code: 1006,
      reason: "",
      wasClean: false,
      initiator: "application",
    });
  });

  it("the first end counts", async () => {
    const ending = new Ending(fakeScope());
    ending.closedByApplication({ type: "websocket.close" });
    const { error } = ending;
    ending.disconnected(left(1006));
    expect(ending.error).toBe(error);
    expect(await ending.closed).toMatchObject({ code: 1000, initiator: "application" });
  });

  it("the signal is aborted with the one error, whether it was asked for before the end or after", () => {
    const before = new Ending(fakeScope());
    const { signal } = before;
    before.disconnected(left(1001));
    expect(signal.aborted).toBe(true);
    expect(signal.reason).toBe(before.error);
    expect(before.error).toBeInstanceOf(ConnectionClosed);

    const after = new Ending(fakeScope());
    after.disconnected(left(1001));
    expect(after.signal.reason).toBe(after.error);
    expect(after.signal).toBe(after.signal);
  });

  it("`closed` may be awaited before the end, and asked for as often as one likes", async () => {
    const ending = new Ending(fakeScope());
    const added = vi.spyOn(ending.signal, "addEventListener");
    const waits = Array.from({ length: 100 }, () => ending.closed);
    expect(added).toHaveBeenCalledOnce();
    ending.disconnected(left(1001));
    const infos = await Promise.all(waits);
    expect(new Set(infos).size).toBe(1);
    expect(infos[0]).toMatchObject({ code: 1001 });
  });
});

describe("with a signal of the server's", () => {
  it("the signal is the server's own", () => {
    const { ending, controller } = told();
    expect(ending.signal).toBe(controller.signal);
  });

  it("the server's account is the error, even before its disconnect was received", async () => {
    const { ending, controller } = told();
    const closed = ending.closed;
    const error = new ConnectionClosed({ code: 1012, reason: "", wasClean: true, initiator: "server" });
    controller.abort(error);
    expect(ending.error).toBe(error);
    expect(await closed).toEqual({ code: 1012, reason: "", wasClean: true, initiator: "server" });
  });

  it("the server's account goes before what the events tell", () => {
    const { ending, controller } = told();
    const error = new ConnectionClosed({ code: 1006, reason: "", wasClean: false, initiator: "server" });
    controller.abort(error);
    ending.disconnected(left(1006));
    expect(ending.error).toBe(error);
  });

  it("a signal that was aborted without an account leaves it to the events", async () => {
    const { ending, controller } = told();
    controller.abort();
    expect(ending.error).toBeUndefined();
    ending.disconnected(left(4000, "bye"));
    expect(ending.error).toMatchObject({ code: 4000, initiator: "client" });
    expect(await ending.closed).toMatchObject({ code: 4000, reason: "bye" });
  });

  it("and where there are no events either, the connection was lost", async () => {
    const { ending, controller } = told();
    controller.abort();
    expect(await ending.closed).toEqual({ code: 1006, reason: "", wasClean: false, initiator: "network" });
  });
});
