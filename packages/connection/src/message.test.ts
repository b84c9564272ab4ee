import { InvalidMessage, ProtocolError, type WebSocketReceiveEvent } from "@ws/events";
import { expect, test } from "vitest";
import { bytesOf, decodeUtf8, notAccepted, textOf } from "./message.js";

const aText: WebSocketReceiveEvent = { type: "websocket.receive", text: "s3cret" };
const someBytes: WebSocketReceiveEvent = { type: "websocket.receive", bytes: Uint8Array.of(1, 2, 3) };

test("a text is a text and bytes are bytes, empty ones too", () => {
  expect(textOf(aText)).toBe("s3cret");
  expect(textOf({ type: "websocket.receive", text: "" })).toBe("");
  expect(bytesOf(someBytes)).toBe(someBytes.bytes);
  expect(bytesOf({ type: "websocket.receive", bytes: new Uint8Array() })).toHaveLength(0);
});

test("the other kind is an InvalidMessage that tells the size alone, to be answered with 1003", () => {
  expect(() => textOf(someBytes)).toThrow(InvalidMessage);
  expect(() => textOf(someBytes)).toThrow(/^expected a text, got a binary message of 3 bytes$/);
  expect(() => bytesOf(aText)).toThrow(/^expected a binary message, got a text of 6 characters$/);
  expect(() => bytesOf(aText)).toThrow(
    expect.objectContaining({ code: "ERR_WS_MESSAGE_TYPE", closeCode: 1003 }),
  );
});

test("bytes are read as UTF-8, with a byte order mark kept", () => {
  expect(decodeUtf8(Uint8Array.of(0xef, 0xbb, 0xbf, 0xc3, 0xbc))).toBe("\ufeffü");
});

test("bytes that are not UTF-8 are no JSON, and do not spoil what comes after", () => {
  expect(() => decodeUtf8(Uint8Array.of(0x61, 0xc3))).toThrow(
    expect.objectContaining({
      code: "ERR_WS_MESSAGE_JSON",
      message: "expected JSON in UTF-8, got 2 bytes of none",
    }),
  );
  expect(decodeUtf8(Uint8Array.of(0x61))).toBe("a");
});

test("who waits too early is told what to await", () => {
  expect(notAccepted()).toBeInstanceOf(ProtocolError);
  expect(notAccepted().message).toContain("Likely mistake: await accept() first");
});
