import { expect, test } from "vitest";
import * as names from "./index.js";

test("the public names are these", () => {
  expect(Object.keys(names).toSorted()).toEqual([
    "HandshakeRejected",
    "TestServer",
    "TestSession",
    "WaitTimeout",
    "conformance",
    "connect",
    "loopback",
    "memory",
    "start",
  ]);
});
