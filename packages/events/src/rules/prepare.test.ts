import { describe, expect, expectTypeOf, test } from "vitest";
import { ProtocolError } from "../errors/protocol-error.js";
import type { SendEvent, WebSocketSendEvent } from "../model/event.js";
import { PreparedEvent, prepare } from "./prepare.js";
import { isSendEvent } from "./structure.js";

describe("a prepared event", () => {
  test.each<WebSocketSendEvent>([
    { type: "websocket.send", text: "hi" },
    { type: "websocket.send", text: "" },
    { type: "websocket.send", bytes: new Uint8Array([1, 2]) },
    { type: "websocket.send", bytes: new Uint8Array(0) },
  ])("is sent like any other: %o", (event) => {
    const prepared = prepare(event);
    expect(prepared).toBeInstanceOf(PreparedEvent);
    expect(isSendEvent(prepared)).toBe(true);
    expect(prepared).toMatchObject(event);
  });

  test("can be prepared again", () => {
    expect(prepare(prepare({ type: "websocket.send", text: "hi" })).text).toBe("hi");
  });

  test.each([
    ["a Uint8Array", new Uint8Array([1, 2, 3])],
    ["a Buffer, whose own slice would share its memory", Buffer.from([1, 2, 3])],
    ["a view of a larger buffer", new Uint8Array([0, 1, 2, 3, 4]).subarray(1, 4)],
    ["shared memory", new Uint8Array(new SharedArrayBuffer(3)).fill(1)],
  ])("keeps bytes of its own, given %s", (_, bytes) => {
    const before = [...bytes];
    const prepared = prepare({ type: "websocket.send", bytes });
    bytes.fill(9);
    expect([...(prepared.bytes ?? [])]).toEqual(before);
  });

  test("has no frame until a transport makes one", () => {
    const prepared = new PreparedEvent({ type: "websocket.send", text: "hi" });
    expect(prepared.frame).toBeUndefined();
    expect(prepared.deflated).toBeUndefined();
    prepared.frame = new Uint8Array([0x81, 2, 0x68, 0x69]);
    expect(prepared.frame).toHaveLength(4);
  });

  test("is a websocket.send to the compiler", () => {
    expectTypeOf(prepare).returns.toEqualTypeOf<WebSocketSendEvent>();
    expectTypeOf(prepare).returns.toExtend<SendEvent>();
    // @ts-expect-error: another event has no frame
    expect(() => prepare({ type: "websocket.accept" })).toThrow(ProtocolError);
  });
});

describe("what can't be prepared", () => {
  test.each([
    [{ type: "websocket.send" }, "websocket.send: expected exactly one of text and bytes, got neither"],
    [
      { type: "websocket.send", text: "\ud800" },
      "websocket.send: text: expected Unicode, got a lone surrogate",
    ],
    [{ type: "websocket.close" }, "prepare: expected websocket.send, got another event"],
    [undefined, "expected an event object, got undefined"],
  ])("is told at once: %o", (event, message) => {
    const action = (): unknown => prepare(event as WebSocketSendEvent);
    expect(action).toThrow(new ProtocolError("ERR_WS_EVENT_INVALID", message));
  });
});
