import { expect, test } from "vitest";
import * as names from "./index.js";

test("the public names are these", () => {
  expect(Object.keys(names).toSorted()).toEqual([
    "StartupError",
    "attach",
    "defaults",
    "fromFetch",
    "fromNode",
    "fromPino",
    "handleSignals",
    "listenDefaults",
    "serve",
  ]);
});
