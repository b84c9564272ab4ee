import { expect, test } from "vitest";
import * as createWsApp from "./index.js";

test("exports exactly what the README speaks of", () => {
  expect(Object.keys(createWsApp).sort()).toEqual(["UsageError", "createApp", "listTemplates", "runCommand"]);
});
