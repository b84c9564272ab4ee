import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { consumerModule, consumerTypes } from "./consumer.fixture.js";
import { manifestOf, packageNames, root, run } from "./workspace.fixture.js";

const here = fileURLToPath(new URL("..", import.meta.url));
let folder = "";
let tarballs: string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ws-release-"));
  await run("pnpm", ["-r", "--filter", "./packages/*", "pack", "--pack-destination", folder], root);
  tarballs = (await readdir(folder)).map((file) => join(folder, file));
}, 60_000);

afterAll(() => rm(folder, { recursive: true }));

function tarballOf(name: string): string {
  return String(tarballs.find((file) => file.includes(`ws-${name}-`)));
}

describe.each(packageNames)("the tarball of @ws/%s", (name) => {
  test("holds dist with declarations and maps, the source they lead to, and no test", async () => {
    const files = (await run("tar", ["-tzf", tarballOf(name)], folder)).trim().split("\n");
    for (const file of [
      "dist/index.js",
      "dist/index.js.map",
      "dist/index.d.ts",
      "dist/index.d.ts.map",
      "src/index.ts",
    ]) {
      expect(files).toContain(`package/${file}`);
    }
    for (const file of ["package.json", "README.md", "LICENSE"]) expect(files).toContain(`package/${file}`);
    expect(files.filter((file) => /\.(test|fixture)\.|tsconfig|reports/.test(file))).toEqual([]);
  });

  test("names no workspace and no catalog, and depends on its neighbours by version", async () => {
    const manifest = await run("tar", ["-xzOf", tarballOf(name), "package/package.json"], folder);
    expect(manifest).not.toMatch(/workspace:|catalog:/);
  });

  test("is clean for publint, strictly", async () => {
    const data = await readFile(tarballOf(name));
    const tarball = data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength) as ArrayBuffer;
    const { messages, pkg = {} } = await publint({ pack: { tarball }, strict: true });
    expect(messages.map((message) => formatMessage(message, pkg, { color: false }))).toEqual([]);
  });

  test("is clean for attw: its types are those of its code", { timeout: 60_000 }, async () => {
    const cli = join(here, "node_modules/@arethetypeswrong/cli/dist/index.js");
    await run(process.execPath, [cli, "--profile", "esm-only", tarballOf(name)], folder);
  });
});

describe("an empty project that installs the tarballs with npm", () => {
  let project = "";

  beforeAll(async () => {
    project = join(folder, "consumer");
    await mkdir(project);
    await writeFile(join(project, "package.json"), JSON.stringify({ private: true, type: "module" }));
    await run("npm", ["install", "--no-audit", "--no-fund", "zod@4", ...tarballs], project);
  }, 120_000);

  test("runs an echo from dist, on the oldest Node that engines names", { timeout: 120_000 }, async () => {
    const { engines } = await manifestOf("events");
    const oldest = engines.node.replace(">=", "");
    await writeFile(join(project, "echo.js"), consumerModule);
    const node = `node-${process.platform === "win32" ? "win" : process.platform}-${process.arch}@${oldest}`;
    const printed = await run("npx", ["--yes", "-p", node, "--", "node", "echo.js"], project);
    expect(printed.trim().split("\n")).toEqual([
      `v${oldest}`,
      "echo: hello",
      "typed: 41 + 1 = 42",
      "closed: 1000",
      "published: 1",
    ]);
  });

  test("compiles against the declarations, with every library checked", { timeout: 60_000 }, async () => {
    await writeFile(join(project, "echo.ts"), consumerTypes);
    await run("npm", ["install", "--no-audit", "--no-fund", "@types/node@20"], project);
    const tsc = join(here, "node_modules/typescript/bin/tsc");
    const flags = [
      "--noEmit",
      "--strict",
      "--module",
      "nodenext",
      "--target",
      "es2023",
      "--lib",
      "es2023,esnext.disposable",
    ];
    await run(process.execPath, [tsc, ...flags, "--types", "node", "echo.ts"], project);
  });
});
