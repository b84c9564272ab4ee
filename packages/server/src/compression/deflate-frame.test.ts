import { randomBytes } from "node:crypto";
import { inflateRawSync } from "node:zlib";
import { type PreparedEvent, prepare, type WebSocketSendEvent } from "@ws/events";
import { encodeFrame } from "@ws/protocol";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type DeflateSettings, deflateSettings } from "../options/deflate-options.js";
import { deflatedFrame, isBelow } from "./deflate-frame.js";

const settings = deflateSettings({ threshold: 1 }) as DeflateSettings;
const tail = Buffer.from([0, 0, 0xff, 0xff]);

function prepared(payload: string | Uint8Array): PreparedEvent & WebSocketSendEvent {
  const event: WebSocketSendEvent =
    typeof payload === "string"
      ? { type: "websocket.send", text: payload }
      : { type: "websocket.send", bytes: payload };
  return prepare(event) as PreparedEvent & WebSocketSendEvent;
}

/** Undoes a compressed frame, as a client with such a window does; in steps so short that no more than it is at hand. */
function inflate(frame: Uint8Array, windowBits: number): Buffer {
  const header = frame[1] === 127 ? 10 : frame[1] === 126 ? 4 : 2;
  const message = Buffer.concat([frame.subarray(header), tail]);
  return inflateRawSync(message, { finishFlush: 2, windowBits, chunkSize: 512 });
}

describe("what is below a threshold", () => {
  test.each([
    ["", 1, true],
    ["a", 1, false],
    ["abc", 4, true],
    ["abcd", 4, false],
    ["é", 2, false],
    ["éa", 4, true],
    ["€a", 4, false],
    ["😀", 5, true],
    ["😀", 4, false],
  ])("counts a text's bytes in UTF-8: %o below %i is %o", (text, threshold, expected) => {
    expect(isBelow(threshold, { type: "websocket.send", text })).toBe(expected);
  });

  test("counts bytes", () => {
    const event: WebSocketSendEvent = { type: "websocket.send", bytes: new Uint8Array(9) };
    expect([isBelow(10, event), isBelow(9, event)]).toEqual([true, false]);
  });
});

describe("a prepared message's compressed frame", () => {
  test("says that it is compressed, whole, and text or bytes", () => {
    expect(deflatedFrame(prepared("a".repeat(100)), 15, settings)[0]).toBe(0xc1);
    expect(deflatedFrame(prepared(new Uint8Array(100)), 15, settings)[0]).toBe(0xc2);
  });

  test("is made once for each window", () => {
    const event = prepared("a".repeat(3_000));
    const frame = deflatedFrame(event, 15, settings);
    expect(deflatedFrame(event, 15, settings)).toBe(frame);
    expect(deflatedFrame(event, 10, settings)).not.toBe(frame);
    expect([...(event.deflated?.keys() ?? [])]).toEqual([15, 10]);
  });

  test("refers no further back than the window reaches", () => {
    const block = randomBytes(2_000);
    const event = prepared(Buffer.concat([block, block]));
    const [small, large] = [deflatedFrame(event, 10, settings), deflatedFrame(event, 15, settings)];
    expect(inflate(large, 15)).toEqual(Buffer.concat([block, block]));
    expect(() => inflate(large, 10)).toThrow("too far back");
    // In a small window the repetition can't be seen.
    expect(large.length).toBeLessThan(2_100);
    expect(small).toBe(encodeFrame(event));
  });

  test.each([8, 9, 10, 11, 12, 13, 14, 15])("can be undone with a window of %i bits", (windowBits) => {
    const text = JSON.stringify(Array.from({ length: 4_000 }, (_, id) => ({ id, name: `näme ${id % 99}` })));
    const frame = deflatedFrame(prepared(text), windowBits, settings);
    expect(frame.length).toBeLessThan(text.length / 2);
    expect(inflate(frame, windowBits).toString()).toBe(text);
  });

  test("is not compressed where that makes it no smaller, or it is below the threshold", () => {
    const event = prepared(randomBytes(500));
    expect(deflatedFrame(event, 15, settings)).toBe(encodeFrame(event));
    const small = prepared("a".repeat(100));
    expect(deflatedFrame(small, 15, { ...settings, threshold: 101 })).toBe(encodeFrame(small));
    expect(deflatedFrame(prepared(""), 15, settings)).toEqual(Buffer.from([0x81, 0]));
  });

  test("holds what was prepared, whatever its size and how little it repeats", () => {
    const sizes = fc.oneof(fc.nat(300), fc.integer({ min: 16_300, max: 16_450 }), fc.nat(140_000));
    fc.assert(
      fc.property(sizes, fc.nat(200), fc.integer({ min: 9, max: 15 }), (size, zeros, windowBits) => {
        const payload = Buffer.concat([randomBytes(size), Buffer.alloc(zeros)]);
        const frame = deflatedFrame(prepared(payload), windowBits, settings);
        const plain = encodeFrame({ type: "websocket.send", bytes: payload });
        if (frame[0] === 0xc2) expect(inflate(frame, windowBits).equals(payload)).toBe(true);
        else expect(Buffer.compare(frame, plain)).toBe(0);
      }),
      { numRuns: 60 },
    );
  });
});
