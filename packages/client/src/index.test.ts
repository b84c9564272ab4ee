import { expect, test } from "vitest";
import * as address from "./address.js";
import * as bytes from "./bytes.js";
import * as root from "./index.js";
import * as live from "./live.js";
import * as socket from "./socket.js";

// A change to these lists is a change to the public interface.

test("the root exports these names at run time", () => {
  expect(Object.keys(root).sort()).toEqual(["ClientError", "GapError", "RequestError", "createClient"]);
});

test("the plain mode, live values, the messages of bytes and addresses export these", () => {
  expect(Object.keys(live)).toEqual(["live"]);
  expect(Object.keys(socket).sort()).toEqual(["ClientError", "createSocket"]);
  expect(Object.keys(bytes)).toEqual(["bytes"]);
  expect(Object.keys(address)).toEqual(["addressOf"]);
});
