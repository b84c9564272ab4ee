import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { CloseCode } from "@ws/events";
import { expect, test } from "vitest";
import { pages, root } from "./places.js";
import { writtenPages } from "./snippets/pages.js";

const read = (path: string): string => readFileSync(join(root, path), "utf8");

/** The text of every source file of the packages, less their tests. */
function sources(): string {
  return readdirSync(join(root, "packages"))
    .flatMap((name) => {
      const folder = join(root, "packages", name, "src");
      const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
      return files
        .filter((file) => file.endsWith(".ts") && !/\.(test|fixture)\.ts$/.test(file))
        .map((file) => join(folder, file));
    })
    .map((path) => readFileSync(path, "utf8"))
    .join("\n");
}

test("every error code of the packages has a paragraph, with an anchor of its own", () => {
  const codes = new Set([...sources().matchAll(/"(ERR_WS_[A-Z_]+)"/g)].map(([, code = ""]) => code));
  expect(codes.size).toBeGreaterThan(15);
  const page = read("docs/reference/errors.md");
  const without = [...codes].filter((code) => !page.includes(`### ${code} {#${code.toLowerCase()}}`));
  expect(without).toEqual([]);
});

test("every close code of the table has a row, with an anchor of its own", () => {
  const page = read("docs/reference/close-codes.md");
  for (const [name, code] of Object.entries(CloseCode)) {
    expect(page).toContain(`| <a id="${code}"></a>**${code}** | \`${name}\` |`);
  }
});

test("every page can be reached from the sidebar", () => {
  const navigation = read("apps/docs/.vitepress/navigation.ts");
  const listed = writtenPages()
    .filter((path) => path.startsWith("docs/") && path.includes("/", "docs/".length))
    .map((path) => path.slice("docs/".length, -".md".length))
    .filter((path) => !path.startsWith("decisions/"));
  expect(listed.length).toBeGreaterThan(20);
  for (const path of listed) expect(navigation).toContain(`page("${path}"`);
  expect(readdirSync(pages)).toContain("index.md");
});
