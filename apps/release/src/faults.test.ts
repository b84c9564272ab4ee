import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { faultNumbers, faultsOf, formatFaults, missingOf, readFaults } from "./fault-table.js";
import { root } from "./workspace.fixture.js";

// Composed, so that these are no titles of this file itself.
const title = (number: number, rest: string): string => `test("${"fault"} ${number}: ${rest}", () => {})`;

describe("the table of faults", () => {
  test("is made of the titles that begin with a number, and of no other text", () => {
    const source = [
      title(7, 'a \\"quoted\\" one'),
      title(12, "another"),
      "// fault 9: said",
      'test("fault x: none")',
    ];
    expect(faultsOf(source.join("\n"), "packages/a/src/b.test.ts")).toEqual([
      { number: 7, title: 'a "quoted" one', path: "packages/a/src/b.test.ts" },
      { number: 12, title: "another", path: "packages/a/src/b.test.ts" },
    ]);
  });

  test("counts the faults that are shown, names those that are missing, and links the files", () => {
    const all = faultNumbers.map((number) => ({
      number,
      title: "held | so",
      path: "packages/a/src/b.test.ts",
    }));
    expect(all).toHaveLength(225);
    expect(formatFaults(all)).toContain("\nShown: 225 of 225.\n");
    expect(formatFaults(all)).toContain("| 171 | held \\| so | [b.test.ts](../packages/a/src/b.test.ts) |\n");
    const some = all.filter(({ number }) => number !== 3 && number !== 157);
    expect(missingOf(some)).toEqual([3, 157]);
    expect(formatFaults(some)).toContain("\nShown: 223 of 225. Missing: 3, 157.\n");
  });
});

describe("docs/faults.md", () => {
  test("is what `pnpm faults` writes", async () => {
    expect(await readFile(join(root, "docs", "faults.md"), "utf8")).toBe(
      formatFaults(await readFaults(root)),
    );
  });

  test("holds no number that is not in the list", async () => {
    const numbers = (await readFaults(root)).map(({ number }) => number);
    expect(numbers.filter((number) => !faultNumbers.includes(number))).toEqual([]);
  });

  test("misses none of the list", async () => {
    expect(missingOf(await readFaults(root))).toEqual([]);
  });
});
