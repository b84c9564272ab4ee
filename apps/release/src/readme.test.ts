import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { folderOf, packageNames, run } from "./workspace.fixture.js";

const here = fileURLToPath(new URL("..", import.meta.url));
const folder = join(here, "reports", "examples");

/** The first TypeScript block of a package's README. */
async function exampleOf(name: string): Promise<string> {
  const readme = await readFile(join(folderOf(name), "README.md"), "utf8");
  return /^```ts\n([\s\S]*?)^```$/m.exec(readme)?.[1] ?? "";
}

beforeAll(async () => {
  await mkdir(folder, { recursive: true });
  for (const name of packageNames) await writeFile(join(folder, `${name}.mts`), await exampleOf(name));
  const tsconfig = { extends: "../../../../tsconfig.base.json", compilerOptions: { isolatedDeclarations: false, declaration: false, declarationMap: false } };
  await writeFile(join(folder, "tsconfig.json"), JSON.stringify(tsconfig));
});

afterAll(() => rm(folder, { recursive: true }));

test("the examples of all READMEs compile", { timeout: 60_000 }, async () => {
  await run(process.execPath, [join(here, "node_modules/typescript/bin/tsc"), "-p", folder], folder);
});

describe.each(packageNames)("the example in the README of @ws/%s", (name) => {
  test("asserts something, and runs", { timeout: 30_000 }, async () => {
    expect(await exampleOf(name)).toMatch(/\bassert\b.*\(/);
    const source = ["--import", "tsx", "--conditions=@ws/source"];
    await run(process.execPath, [...source, join(folder, `${name}.mts`)], here);
  });
});
