import { expect, test } from "vitest";
import { joinBinary, splitBinary } from "./binary.js";

test("a binary frame is the length of its name, its name and its payload", () => {
  const frame = joinBinary("pic", Uint8Array.of(9, 8));
  expect([...frame]).toEqual([3, 0x70, 0x69, 0x63, 9, 8]);
  expect(splitBinary(frame)).toEqual({ name: "pic", payload: Uint8Array.of(9, 8) });
  expect(splitBinary(joinBinary("x".repeat(255), new Uint8Array(0)))?.name).toHaveLength(255);
});

test.each([[[]], [[0, 1]], [[3, 0x70, 0x69]]])("the bytes %j are no message", (bytes) => {
  expect(splitBinary(Uint8Array.from(bytes))).toBeUndefined();
});

test.each(["", "é", "x".repeat(256)])("%j is no name of a binary message", (name) => {
  expect(() => joinBinary(name, new Uint8Array(0))).toThrow(
    "expected the name of a binary message to be 1 to 255 characters of ASCII",
  );
});
