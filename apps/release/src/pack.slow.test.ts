import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { consumerModule, consumerTypes } from "./consumer.fixture.js";
import { packAll, tarballOf } from "./tarballs.fixture.js";
import { manifestOf, packageNames, run } from "./workspace.fixture.js";

const here = fileURLToPath(new URL("..", import.meta.url));
let folder = "";
let tarballs: readonly string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ws-release-"));
  tarballs = await packAll(folder);
});

afterAll(() => rm(folder, { recursive: true }));

describe.each(packageNames)("the tarball of @ws/%s", (name) => {
  test("fault 203: is clean for attw in every resolution, that of node10 too", async () => {
    const cli = join(here, "node_modules/@arethetypeswrong/cli/dist/index.js");
    // CommonJS is given ESM, which `require` takes from Node 20.19 on, the oldest that `engines` names.
    const flags = ["--profile", "strict", "--ignore-rules", "cjs-resolves-to-esm"];
    const said = await run(
      process.execPath,
      [cli, ...flags, "--format", "json", await tarballOf(folder, name)],
      folder,
    );
    const { analysis } = JSON.parse(said) as {
      analysis: { entrypoints: Record<string, { resolutions: Record<string, { resolution?: object }> }> };
    };
    const entries = Object.entries(analysis.entrypoints).filter(([entry]) => entry !== "./package.json");
    const { exports } = await manifestOf(name);
    expect(entries.map(([entry]) => entry)).toEqual(
      Object.keys(exports).filter((key) => key !== "./package.json"),
    );
    for (const [entry, { resolutions }] of entries) {
      for (const kind of ["node10", "node16-cjs", "node16-esm", "bundler"]) {
        expect([entry, kind, resolutions[kind]?.resolution]).toEqual([entry, kind, expect.anything()]);
      }
    }
  });
});

describe("an empty project that installs the tarballs with npm", () => {
  let project = "";

  beforeAll(async () => {
    project = join(folder, "consumer");
    await mkdir(project);
    await writeFile(join(project, "package.json"), JSON.stringify({ private: true, type: "module" }));
    await run("npm", ["install", "--no-audit", "--no-fund", "zod@4", ...tarballs], project);
  });

  test("runs an echo from dist, on the oldest Node that engines names", async () => {
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

  test("compiles against the declarations, with every library checked", async () => {
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
