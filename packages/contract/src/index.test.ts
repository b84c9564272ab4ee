import { expect, test } from "vitest";
import * as root from "./index.js";
import * as path from "./path.js";
import * as validation from "./validation.js";
import * as wire from "./wire.js";

// A change to these lists is a change to the public interface.

test("the root exports these names at run time", () => {
  expect(Object.keys(root).sort()).toEqual(["bytes", "channel", "isBytes"]);
});

test("./path exports these names at run time", () => {
  expect(Object.keys(path).sort()).toEqual([
    "builtIn",
    "fillPath",
    "fillPattern",
    "mayHold",
    "read",
    "readInteger",
    "takesEvery",
    "write",
  ]);
});

test("./validation exports these names at run time", () => {
  expect(Object.keys(validation).sort()).toEqual([
    "checkSchema",
    "formatJson",
    "parseJson",
    "validateReceived",
    "validateSent",
  ]);
});

test("./wire exports these names at run time", () => {
  expect(Object.keys(wire).sort()).toEqual([
    "closeCodeOfStatus",
    "closeVerdict",
    "errorCode",
    "formatPosition",
    "joinBinary",
    "parsePosition",
    "retryAfter",
    "splitBinary",
    "subprotocol",
    "wireLimits",
  ]);
});
