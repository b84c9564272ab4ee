import { expect, test } from "vitest";
import * as names from "./index.js";

test("the public names are these", () => {
  expect(Object.keys(names).toSorted()).toEqual([
    "HandshakeRejected",
    "Network",
    "TestServer",
    "TestSession",
    "WaitTimeout",
    "conformance",
    "connect",
    "loopback",
    "memory",
    "start",
    "stubClient",
  ]);
});
