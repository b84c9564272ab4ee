import { expect, test } from "vitest";
import { newEpoch } from "../../../engine/epoch.js";
import { envelopeOverhead, formatEnvelope, parseEnvelope, payloadOf } from "./envelope.js";

const bytes = (text: string): Uint8Array => Buffer.from(text);

test("one payload or several are read as they were written", () => {
  const payloads = ['{"a":"é𝄞"}', "0", ""];
  const text = formatEnvelope("e0", 7, payloads);
  expect(parseEnvelope(bytes(text))).toEqual({ epoch: "e0", sequence: 7, payloads });
});

test("what stands before the payload is bounded", () => {
  const { length } = formatEnvelope(newEpoch(), Number.MAX_SAFE_INTEGER, [""]);
  expect(length).toBeLessThanOrEqual(envelopeOverhead);
});

test.each([
  ["nothing", ""],
  ["JSON alone", '{"a":1}'],
  ["no payload", "1 e 1"],
  ["another version", "2 e 1\u001e0"],
  ["a sequence of 0", "1 e 0\u001e0"],
  ["a sequence that is no whole number", "1 e 1.5\u001e0"],
  ["a sequence that is too large to count", `1 e ${"9".repeat(16)}\u001e0`],
  ["an epoch of other characters", "1 E! 1\u001e0"],
  ["an epoch that is too long", `1 ${"e".repeat(33)} 1\u001e0`],
])("%s is no envelope", (_, text) => {
  expect(parseEnvelope(bytes(text))).toBeUndefined();
});

test("what is no UTF-8 is no envelope", () => {
  expect(parseEnvelope(Buffer.from("1 e 1\u001e\xff", "latin1"))).toBeUndefined();
});

test("a message of a stream has one payload; anything else is told as an empty text", () => {
  expect(payloadOf(bytes(formatEnvelope("e", 1, ["7"])))).toBe("7");
  expect(payloadOf(bytes(formatEnvelope("e", 1, ["7", "8"])))).toBe("");
  expect(payloadOf(bytes("7"))).toBe("");
});
