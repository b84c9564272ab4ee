import { expect, test } from "vitest";
import { webSocketScope } from "../events.fixture.js";
import { changeScope } from "./change-scope.js";

test("a changed scope is a copy with those keys changed and all others as they were", () => {
  const scope = Object.freeze({ ...webSocketScope(), "example.extra": 1 });
  expect(changeScope(scope, { rootPath: "/a" })).toEqual({ ...scope, rootPath: "/a" });
  expect(scope.rootPath).toBe("");
});
