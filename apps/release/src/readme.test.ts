import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { folderOf, packageNames, root, run } from "./workspace.fixture.js";

const here = fileURLToPath(new URL("..", import.meta.url));
const folder = join(here, "reports", "examples");

/** The READMEs by the names of their examples; the repository's own is `root`. */
const folders = new Map<string, string>([
  ["root", root],
  ...packageNames.map((name) => [name, folderOf(name)] as const),
]);
const names = [...folders.keys()];

/** The first TypeScript block of a README. */
async function exampleOf(name: string): Promise<string> {
  const readme = await readFile(join(String(folders.get(name)), "README.md"), "utf8");
  return /^```ts\n([\s\S]*?)^```$/m.exec(readme)?.[1] ?? "";
}

beforeAll(async () => {
  await mkdir(folder, { recursive: true });
  for (const name of names) await writeFile(join(folder, `${name}.mts`), await exampleOf(name));
  const tsconfig = {
    extends: "../../../../tsconfig.base.json",
    compilerOptions: { isolatedDeclarations: false, declaration: false, declarationMap: false },
  };
  await writeFile(join(folder, "tsconfig.json"), JSON.stringify(tsconfig));
});

afterAll(() => rm(folder, { recursive: true }));

test("the examples of all READMEs compile", { timeout: 60_000 }, async () => {
  await run(process.execPath, [join(here, "node_modules/typescript/bin/tsc"), "-p", folder], folder);
});

describe.each(names)("the example in the README of %s", (name) => {
  test("asserts something, and runs", { timeout: 30_000 }, async () => {
    expect(await exampleOf(name)).toMatch(/\bassert\b.*\(/);
    const source = ["--import", "tsx", "--conditions=@ws/source"];
    await run(process.execPath, [...source, join(folder, `${name}.mts`)], here);
  });
});
