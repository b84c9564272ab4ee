import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { expect, test } from "vitest";

const folder = fileURLToPath(new URL("..", import.meta.url));

test("the example in the README runs, and its assertions hold", async () => {
  const readme = await readFile(join(folder, "README.md"), "utf8");
  const example = /^```ts\n(.*?)^```$/ms.exec(readme)?.[1] ?? "";
  expect(example).toContain(`from "@ws/events"`);
  expect(example).toContain("assert.");

  await mkdir(join(folder, "reports"), { recursive: true });
  const place = await mkdtemp(join(folder, "reports/readme-"));
  try {
    const file = join(place, "readme.mts");
    await writeFile(file, example);
    await import(/* @vite-ignore */ pathToFileURL(file).href);
  } finally {
    await rm(place, { recursive: true });
  }
});
