import { expect, test } from "vitest";
import * as root from "./index.js";

// A change to this list is a change to the public interface.

test("the root exports these names at run time", () => {
  expect(Object.keys(root).sort()).toEqual(["defineConfig"]);
});
