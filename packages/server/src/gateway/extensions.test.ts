import { describe, expect, test, vi } from "vitest";
import { CloseState } from "../session/close-state.js";
import { Disconnect, webSocketExtensions } from "./extensions.js";

const gone = new CloseState({ code: 1006, reason: "", wasClean: false, initiator: "network" });

describe("the disconnect's signal", () => {
  test("is one, whoever asks", () => {
    const disconnect = new Disconnect();
    expect(disconnect.signal).toBe(disconnect.signal);
    expect(disconnect.signal.aborted).toBe(false);
  });

  test("is aborted at once when the connection is gone, with the reason", () => {
    const disconnect = new Disconnect();
    const onAbort = vi.fn();
    disconnect.signal.addEventListener("abort", onAbort);
    disconnect.end(gone);
    expect(onAbort).toHaveBeenCalledOnce();
    expect(disconnect.signal.reason).toBe(gone.error);
  });

  test("is aborted already where somebody asks for it after that", () => {
    const disconnect = new Disconnect();
    disconnect.end(gone);
    expect(disconnect.signal.aborted).toBe(true);
    expect(disconnect.signal.reason).toBe(gone.error);
  });
});

describe("the extensions of a WebSocket scope", () => {
  test("are denial, disconnect, draining and the connection's name", () => {
    const disconnect = new Disconnect();
    const { signal } = new AbortController();
    const connection = { id: "x-1", onFailedCall: vi.fn(), logError: vi.fn() };
    const extensions = webSocketExtensions(connection, disconnect, { signal });
    expect(Object.keys(extensions).sort()).toEqual([
      "websocket.connection",
      "websocket.disconnect",
      "websocket.draining",
      "websocket.http.response",
    ]);
    expect(extensions["websocket.http.response"]).toEqual({});
    expect(extensions["websocket.disconnect"]?.signal).toBe(disconnect.signal);
    expect(extensions["websocket.draining"]?.signal).toBe(signal);
    expect(extensions["websocket.connection"]).toBe(connection);
  });
});
