import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { connectionRows } from "./connection-rows.js";
import { listenRows } from "./listen-rows.js";
import { readmeTable, securityTable, withComments, withSection } from "./option-text.fixture.js";
import { serverRows } from "./server-rows.js";

const everywhere = { ...connectionRows, ...serverRows };

/** Compares a file with what the table makes of it. `vitest -u` writes it. */
async function expectFile(path: string, made: (text: string) => string): Promise<void> {
  const text = await readFile(new URL(path, import.meta.url), "utf8");
  await expect(made(text)).toMatchFileSnapshot(path);
}

test.each([
  ["../session/limits.ts", connectionRows],
  ["./options.ts", serverRows],
  ["./listen-options.ts", listenRows],
])("the comments in %s are those of the table", async (path, rows) => {
  await expectFile(path, (source) => withComments(source, rows));
});

test("the README has the rows of the table", async () => {
  await expectFile("../../README.md", (text) =>
    withSection(
      withSection(text, "options", readmeTable(everywhere)),
      "options of serve",
      readmeTable(listenRows),
    ),
  );
});

test("SECURITY.md has the rows of the table", async () => {
  const table = securityTable({ ...everywhere, ...listenRows });
  await expectFile("../../../../SECURITY.md", (text) => withSection(text, "options", table));
});
