import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const folder = new URL("../reports/", import.meta.url);

it("the example of the README runs, and its assertions hold", async () => {
  const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
  const example = /^```ts\n(.*?)^```$/ms.exec(readme)?.[1] ?? "";
  expect(example).toContain("assert.");
  const file = new URL("readme.mts", folder);
  await mkdir(folder, { recursive: true });
  await writeFile(file, example);
  try {
    await import(fileURLToPath(file));
  } finally {
    await rm(file);
  }
});
