import { expect, test } from "vitest";
import * as names from "./index.js";

test("the public names are these", () => {
  expect(Object.keys(names).toSorted()).toEqual([
    "RouteError",
    "createRouter",
    "include",
    "mount",
    "routePath",
    "websocket",
  ]);
});
