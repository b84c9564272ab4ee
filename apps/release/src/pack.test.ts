import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { packAll, tarballOf } from "./tarballs.fixture.js";
import { packageNames, run } from "./workspace.fixture.js";

let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ws-release-"));
  await packAll(folder);
});

afterAll(() => rm(folder, { recursive: true }));

describe.each(packageNames)("the tarball of @ws/%s", (name) => {
  test("holds dist with declarations and maps, the source they lead to, and no test", async () => {
    const files = (await run("tar", ["-tzf", await tarballOf(folder, name)], folder)).trim().split("\n");
    for (const file of [
      "dist/index.js",
      "dist/index.js.map",
      "dist/index.d.ts",
      "dist/index.d.ts.map",
      "src/index.ts",
    ]) {
      expect(files).toContain(`package/${file}`);
    }
    for (const file of ["package.json", "README.md", "LICENSE", "CHANGELOG.md"])
      expect(files).toContain(`package/${file}`);
    // But for the templates of the starter, which are whole projects.
    const own = files.filter((file) => !file.startsWith("package/templates/"));
    expect(own.filter((file) => /\.(test|fixture)\.|tsconfig|reports/.test(file))).toEqual([]);
  });

  test("names no workspace and no catalog, and depends on its neighbours by version", async () => {
    const manifest = await run(
      "tar",
      ["-xzOf", await tarballOf(folder, name), "package/package.json"],
      folder,
    );
    expect(manifest).not.toMatch(/workspace:|catalog:/);
  });

  test("is clean for publint, strictly", async () => {
    const data = await readFile(await tarballOf(folder, name));
    const tarball = data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength) as ArrayBuffer;
    const { messages, pkg = {} } = await publint({ pack: { tarball }, strict: true });
    expect(messages.map((message) => formatMessage(message, pkg, { color: false }))).toEqual([]);
  });
});
