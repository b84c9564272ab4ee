import { expect, test } from "vitest";
import { type DeflateOptions, deflateSettings } from "./deflate-options.js";

const usual = {
  threshold: 1024,
  serverNoContextTakeover: true,
  clientNoContextTakeover: true,
  concurrencyLimit: 10,
  zlibDeflateOptions: { memLevel: 7 },
};

/** Resolves what a caller without types may pass. */
function settle(given: unknown): unknown {
  return deflateSettings(given as DeflateOptions);
}

test("off is off", () => {
  expect(deflateSettings(false)).toBe(false);
});

test("on keeps no context, and bounds memory and threads", () => {
  expect(deflateSettings(true)).toEqual(usual);
  expect(deflateSettings({})).toEqual(usual);
});

test("what is given stands above the defaults, undefined counts as not given", () => {
  const given = {
    threshold: undefined,
    serverNoContextTakeover: false,
    serverMaxWindowBits: 10,
    clientMaxWindowBits: true,
    zlibDeflateOptions: { level: 1 },
  };
  expect(deflateSettings(given)).toEqual({ ...usual, ...given, threshold: 1024 });
});

test("an empty message is below every threshold", () => {
  expect(deflateSettings({ threshold: 0 })).toEqual({ ...usual, threshold: 1 });
});

test.each([
  ["on", "options.perMessageDeflate: expected true, false or an object, got on"],
  [null, "options.perMessageDeflate: expected true, false or an object, got null"],
  [
    { threshhold: 9 },
    /^options\.perMessageDeflate: expected threshold, .*, zlibInflateOptions, got threshhold\. Is it misspelt\?$/,
  ],
  [{ threshold: -1 }, /^options\.perMessageDeflate\.threshold: expected a number from 0 /],
  [{ concurrencyLimit: 0 }, /^options\.perMessageDeflate\.concurrencyLimit: expected a number from 1 /],
  [
    { serverMaxWindowBits: 16 },
    /^options\.perMessageDeflate\.serverMaxWindowBits: expected .* 8 to 15, got 16/,
  ],
  [
    { clientMaxWindowBits: "9" },
    /^options\.perMessageDeflate\.clientMaxWindowBits: expected .* 8 to 15, got 9/,
  ],
])("%o is refused", (given, message) => {
  expect(() => settle(given)).toThrow(TypeError);
  expect(() => settle(given)).toThrow(message);
});
