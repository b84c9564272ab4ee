import { expect, test } from "vitest";
import { findBrowser } from "./find-browser.fixture.js";

const none = {
  exists: () => false,
  write: (line: string): void => {
    throw new Error(line);
  },
};

test("takes the browser of BROWSER_PATH before one in a usual place", () => {
  const exists = (path: string): boolean => path === "/usr/bin/google-chrome";
  expect(findBrowser({ ...none, exists, env: { BROWSER_PATH: "/opt/chrome" } })).toBe("/opt/chrome");
  expect(findBrowser({ ...none, exists, env: {} })).toBe("/usr/bin/google-chrome");
});

test("says in one line that the browser tests are skipped, and how to get a browser", () => {
  const lines: string[] = [];
  expect(findBrowser({ ...none, write: (line) => lines.push(line), env: {} })).toBeUndefined();
  expect(lines).toEqual([expect.stringMatching(/^browser tests skipped: [^\n]*BROWSER_PATH\n$/)]);
});

test("fails in CI, where a browser must be there", () => {
  expect(() => findBrowser({ ...none, env: { CI: "true" } })).toThrow("expected a browser, got none");
});
