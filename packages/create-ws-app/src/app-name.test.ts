import { expect, test } from "vitest";
import { checkAppName } from "./app-name.js";

test.each(["my-app", "a", "7up", "a.b_c", "x".repeat(214)])("%s is the name of an application", (name) => {
  expect(() => checkAppName(name)).not.toThrow();
});

test.each([
  ["My App", "my-app"],
  [".hidden", "hidden"],
  ["@me/app", "me-app"],
  ["chat!", "chat"],
  ["", "my-app"],
  ["???", "my-app"],
  ["node_modules", "my-app"],
  ["x".repeat(300), "x".repeat(214)],
])("%j is none, and %s is proposed", (name, proposed) => {
  expect(() => checkAppName(name)).toThrow(
    `${JSON.stringify(name)} can't be the name of a package: expected at most 214 of a-z, 0-9, ".", "_" and "-", ` +
      `beginning with a letter or a digit, such as ${proposed}.`,
  );
});
