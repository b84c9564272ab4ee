import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { help, tables } from "./help.js";
import { flagOf } from "./option.js";
import { options } from "./table.js";

test("--help names every option with its default", () => {
  const text = help();
  for (const option of options) expect(text).toContain(flagOf(option));
  expect(text).toContain("--port NUMBER [8000]");
  expect(text).toContain("--ping-interval TIME [20s]");
  expect(text).toContain("--max-payload SIZE [1MiB]");
  expect(text).toContain("--no-access-log");
});

test("every line of --help fits 125 columns", () => {
  expect(
    help()
      .split("\n")
      .filter((line) => line.length > 125),
  ).toEqual([]);
});

test("the README has the tables that the options make", async () => {
  const file = "../../README.md";
  const readme = readFileSync(new URL(file, import.meta.url), "utf8");
  const pattern = /(<!-- options: [^>]*-->\n)[\s\S]*(\n<!-- end of options -->)/;
  expect(readme).toMatch(pattern);
  const made = readme.replace(pattern, (_all, begin, end) => `${begin}\n${tables()}\n${end}`);
  await expect(made).toMatchFileSnapshot(file);
});
