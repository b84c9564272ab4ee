import { expect, test, vi } from "vitest";
import {
  BrandedError,
  ConnectionClosed,
  InvalidMessage,
  isPrepared,
  lostConnection,
  ProtocolError,
  prepare,
} from "../index.js";

/** A second copy of this package, as another version of it in `node_modules` would be. */
async function secondCopy(): Promise<typeof import("../index.js")> {
  vi.resetModules();
  return await import("../index.js");
}

test("fault 202: an error of another copy of this package is one of ours, and no other kind", async () => {
  const copy = await secondCopy();
  expect(copy.ConnectionClosed).not.toBe(ConnectionClosed);
  const errors = [
    new copy.ConnectionClosed(lostConnection),
    new copy.ProtocolError("ERR_WS_EVENT_ORDER", "no"),
    new copy.InvalidMessage("ERR_WS_MESSAGE_JSON", "no"),
  ];
  const classes = [ConnectionClosed, ProtocolError, InvalidMessage];
  const known = errors.map((error) => classes.map((each) => error instanceof each));
  expect(known).toEqual([
    [true, false, false],
    [false, true, false],
    [false, false, true],
  ]);
  for (const error of errors) {
    expect(error instanceof BrandedError && error instanceof Error).toBe(true);
    expect(Object.keys(error)).not.toContain("kind");
  }
});

test("fault 202: a message that another copy prepared is prepared", async () => {
  const copy = await secondCopy();
  const event = { type: "websocket.send", text: "a" } as const;
  expect(isPrepared(copy.prepare(event))).toBe(true);
  expect(copy.isPrepared(prepare(event))).toBe(true);
  const unreadable = new Proxy({}, { get: () => expect.unreachable() });
  for (const other of [event, null, undefined, "text", unreadable]) expect(isPrepared(other)).toBe(false);
});

test("a class below one of ours is told from it as any class is", () => {
  class Kicked extends ConnectionClosed {}
  const kicked = new Kicked(lostConnection);
  expect(kicked instanceof Kicked && kicked instanceof ConnectionClosed).toBe(true);
  expect(new ConnectionClosed(lostConnection) instanceof Kicked).toBe(false);
  for (const other of [null, undefined, "x", {}, new Error("x")])
    expect(other instanceof ConnectionClosed).toBe(false);
});
