import { type PreparedEvent, prepare, type WebSocketSendEvent } from "@ws/events";
import { beforeEach, expect, test } from "vitest";
import { type DeflateSettings, deflateSettings } from "./deflate-options.js";
import { type Compressor, type DeflateParts, DeflateSender } from "./deflate-sender.js";

const settings = deflateSettings(true) as DeflateSettings;
const small: WebSocketSendEvent = { type: "websocket.send", text: "small" };
const large: WebSocketSendEvent = { type: "websocket.send", text: "large ".repeat(500) };

/** What was done, in order. */
let log: unknown[] = [];
let held = 0;
let callback: Parameters<Compressor["send"]>[1] = () => {};

const parts: DeflateParts = {
  compressor: {
    get bufferedAmount() {
      return 1_000 + held;
    },
    send: (payload, onSent) => {
      log.push(payload);
      callback = onSent;
    },
  },
  socket: { writableLength: 1_000 },
  outbox: {
    pending: 7,
    send: (event) => log.push(event),
    push: (frame) => log.push(frame),
    flush: () => log.push("flush"),
  },
  owner: { drained: () => log.push("drained") },
};

beforeEach(() => {
  log = [];
  held = 0;
});

test("small and prepared messages are frames of our own, large ones are compressed behind them", () => {
  const sender = new DeflateSender(parts, settings, 12);
  const prepared = prepare(large) as PreparedEvent & WebSocketSendEvent;
  for (const event of [small, prepared, large]) sender.send(event);
  expect(log).toEqual([small, prepared.deflated?.get(12), "flush", large.text]);
});

test("nothing overtakes what is being compressed", () => {
  const sender = new DeflateSender(parts, settings, 12);
  held = 1;
  for (const event of [small, prepare(large)]) sender.send(event);
  held = 0;
  sender.send(small);
  expect(log).toEqual(["flush", small.text, "flush", large.text, small]);
});

test("where a context is kept, every message belongs to it", () => {
  const sender = new DeflateSender(parts, settings, 0);
  for (const event of [small, prepare(large)]) sender.send(event);
  expect(log).toEqual(["flush", small.text, "flush", large.text]);
});

test("bytes that are compressed later are a copy", () => {
  const bytes = new Uint8Array(2_000);
  new DeflateSender(parts, settings, 15).send({ type: "websocket.send", bytes });
  bytes.fill(1);
  expect(log[1]).toEqual(new Uint8Array(2_000));
});

test("what is buffered is what the socket holds, what is compressed, and what is not handed over yet", () => {
  held = 20;
  expect(new DeflateSender(parts, settings, 15).buffered).toBe(1_027);
});

test("it is told when a compressed message was taken, not when it failed", () => {
  new DeflateSender(parts, settings, 15).send(large);
  callback(new Error("the socket was closed"));
  expect(log).toEqual(["flush", large.text]);
  callback();
  expect(log.at(-1)).toBe("drained");
});
