import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { defaults, listenDefaults } from "@ws/server";
import { describe, expect, test } from "vitest";
import { folderOf, root } from "./workspace.fixture.js";

/** A default as prose has it. */
function spell(name: string, value: unknown): string {
  if (Array.isArray(value)) return value[0] ?? "none";
  if (typeof value === "object")
    return Object.values(value ?? {})
      .map((each) => spell("", each))
      .join(" messages or ");
  if (value === 0 || value === false) return "off";
  if (typeof value !== "number") return JSON.stringify(value);
  if (/(Timeout|Interval)$/.test(name)) return `${value / 1_000} s`;
  if (value === Number.POSITIVE_INFINITY) return "unlimited";
  if (value % 1_048_576 === 0) return `${value / 1_048_576} MiB`;
  return value === 8_192 ? "8 KiB" : value.toLocaleString("en-US");
}

/** The cells of a Markdown table, row by row, without those that only draw lines. */
async function rowsOf(path: string): Promise<string[][]> {
  const lines = (await readFile(path, "utf8")).split("\n").filter((line) => /^\| [^-]/.test(line));
  return lines.map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

/** Those of `serve` alone, whose default is a limit. */
const limits = Object.entries(listenDefaults).filter(
  ([name, value]) => name !== "port" && typeof value === "number",
);

const options = Object.entries(defaults).filter(([name]) => name !== "logger");

describe("the table of options in the README of @ws/server", async () => {
  const rows = await rowsOf(join(folderOf("server"), "README.md"));

  test.each([...options, ...limits])("has a row for %s, with its default", (name, value) => {
    const [row, ...more] = rows.filter(([names]) => names?.includes(`\`${name}\``));
    expect([name, more]).toEqual([name, []]);
    expect(row?.[1] ?? "no row").toContain(spell(name, value));
  });

  test.each(["logger", ...Object.keys(listenDefaults)])("has a row for %s", (name) => {
    expect(rows.filter(([names]) => names?.includes(`\`${name}\``))).toHaveLength(1);
  });
});

describe("SECURITY.md", async () => {
  const security = await readFile(join(root, "SECURITY.md"), "utf8");

  // Where the application is mounted guards nothing.
  test.each([...options.filter(([name]) => name !== "rootPath"), ...limits])(
    "says of %s what it bounds or guards",
    (name) => {
      expect(security).toContain(`\`${name}\``);
    },
  );
});
