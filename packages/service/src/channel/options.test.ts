import { expect, test } from "vitest";
import { resolveOptions } from "./options.js";

test.each([
  [{ id: 5, name: "ann" }, "5"],
  [{ sub: "ann", iat: 1 }, "ann"],
  [{ name: "ann" }, '{"name":"ann"}'],
  ["ann", '"ann"'],
  [undefined, ""],
])("the keys of %j are those of %s", (user, owner) => {
  expect(resolveOptions({}).owner(user)).toBe(owner);
});
