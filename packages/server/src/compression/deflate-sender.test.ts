import { randomBytes } from "node:crypto";
import { inflateRawSync } from "node:zlib";
import { type PreparedEvent, prepare, type WebSocketSendEvent } from "@ws/events";
import { beforeEach, expect, test } from "vitest";
import { type DeflateSettings, deflateSettings } from "../options/deflate-options.js";
import { DeflateSender } from "./deflate-sender.js";
import { MessageDeflater } from "./deflater.js";
import { TaskLimit } from "./task-limit.js";

const settings = deflateSettings(true) as DeflateSettings;
const small: WebSocketSendEvent = { type: "websocket.send", text: "small" };
const middle: WebSocketSendEvent = { type: "websocket.send", text: "middle ".repeat(500) };
const large: WebSocketSendEvent = { type: "websocket.send", text: "large ".repeat(5_000) };

/** What was sent: an event, or the text of a frame that is compressed. */
let log: unknown[] = [];
let owner = { isOpen: true };

/** The payload of a frame, inflated where it is compressed. */
function read(frame: Uint8Array): unknown {
  const header = frame[1] === 127 ? 10 : frame[1] === 126 ? 4 : 2;
  const payload = frame.subarray(header);
  if (((frame[0] ?? 0) & 0x40) === 0) return Buffer.from(payload);
  return String(inflateRawSync(Buffer.concat([payload, Buffer.from([0, 0, 255, 255])]), { finishFlush: 2 }));
}

function sender(given: Partial<DeflateSettings> = {}): DeflateSender {
  const writer = {
    buffered: 7,
    send: (event: WebSocketSendEvent): void => void log.push(event),
    push: (frame: Uint8Array): void => void log.push(read(frame)),
  };
  const deflater = new MessageDeflater({ ...settings, ...given }, new TaskLimit(10), 12);
  return new DeflateSender({ writer, owner }, deflater);
}

function idle(one: DeflateSender): Promise<void> {
  return new Promise((resolve) => one.whenIdle(resolve));
}

beforeEach(() => {
  log = [];
  owner = { isOpen: true };
});

test("small and prepared messages, and those that are compressed quickly, go at once", () => {
  const one = sender();
  const prepared = prepare(large) as PreparedEvent & WebSocketSendEvent;
  for (const event of [small, prepared, middle]) one.send(event);
  expect(log).toEqual([small, large.text, middle.text]);
  expect(prepared.deflated?.has(12)).toBe(true);
  expect(one.buffered).toBe(7);
});

test("nothing overtakes what is being compressed, and what waits is counted", async () => {
  const one = sender();
  const events = [large, small, prepare(large), middle, large, { ...small, text: "grüße" }];
  for (const event of events) one.send(event);
  expect(log).toEqual([]);
  expect(one.buffered).toBe(7 + 30_000 + 5 + 30_000 + 3_500 + 30_000 + 7);
  await idle(one);
  expect(log).toEqual([large.text, small, large.text, middle.text, large.text, events[5]]);
  expect(one.buffered).toBe(7);
});

test("bytes are a copy, whether they are compressed, wait, or turn out to be no smaller", async () => {
  const one = sender();
  const sent = [randomBytes(20_000), new Uint8Array(30_000), randomBytes(2_000), new Uint8Array(10)];
  const copies = sent.map((bytes) => Buffer.from(bytes));
  for (const bytes of sent) one.send({ type: "websocket.send", bytes });
  for (const bytes of sent) bytes.fill(1);
  await idle(one);
  expect(log).toEqual([
    copies[0],
    "\0".repeat(30_000),
    copies[2],
    { type: "websocket.send", bytes: new Uint8Array(copies[3] ?? []) },
  ]);
});

test("text that can't be made smaller goes as it is", async () => {
  const text = Array.from({ length: 9_000 }, (_, index) =>
    String.fromCharCode(0x4e00 + ((index * 7_919) % 20_000)),
  ).join("");
  const one = sender({ zlibDeflateOptions: { level: 0 } });
  one.send({ type: "websocket.send", text });
  await idle(one);
  expect(log).toEqual([Buffer.from(text)]);
});

test("what zlib fails at goes as it is", async () => {
  const one = sender({ zlibDeflateOptions: { maxOutputLength: 1 } });
  one.send(large);
  await idle(one);
  expect(log).toEqual([Buffer.from(String(large.text))]);
});

test("after the close frame nothing is sent, and what waits is let go of", async () => {
  const one = sender();
  one.send(large);
  one.send(small);
  owner.isOpen = false;
  await expect.poll(() => one.buffered).toBe(7);
  expect(log).toEqual([]);
});
