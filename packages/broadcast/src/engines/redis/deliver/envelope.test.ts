import fc from "fast-check";
import { expect, test } from "vitest";
import { parseEnvelope } from "./envelope.js";

test("an envelope holds messages that follow one another", () => {
  expect(parseEnvelope('1 0a1b-9 7\u001e{"a":1}\u001e"b c"')).toEqual({
    epoch: "0a1b-9",
    sequence: 7,
    payloads: ['{"a":1}', '"b c"'],
  });
});

test("any JSON comes through as it was", () => {
  fc.assert(
    fc.property(fc.array(fc.json(), { minLength: 1 }), (payloads) => {
      expect(parseEnvelope(["1 e 1", ...payloads].join("\u001e"))?.payloads).toEqual(payloads);
    }),
  );
});

test.each([
  "",
  "hello",
  '{"a":1}',
  "1 e 1",
  "2 e 1\u001e1",
  "1 e 0\u001e1",
  "1 e -1\u001e1",
  "1 e 1.5\u001e1",
  "1 e 1e3\u001e1",
  "1 e 9999999999999999\u001e1",
  "1 E! 1\u001e1",
  "1  1\u001e1",
  `1 ${"e".repeat(65)} 1\u001e1`,
  " 1 e 1\u001e1",
  "1 e 1\n\u001e1",
])("what is none is not taken for one: %j", (text) => {
  expect(parseEnvelope(text)).toBeUndefined();
});

test("no text makes it throw", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => void parseEnvelope(text)));
});
