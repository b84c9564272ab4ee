import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { commonJsModule, consumerTypes, jestTest } from "./consumer.fixture.js";
import { packAll, tarballOf } from "./tarballs.fixture.js";
import { manifestOf, packageNames, root, run } from "./workspace.fixture.js";

/** The last TypeScript that knows `moduleResolution: node10` without a word about its end; Jest of today. */
const versions = { typescript: "typescript@5.9.3", jest: "jest@30.5.2", nodeTypes: "@types/node@20" };

let folder = "";
let tarballs: readonly string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ws-consumers-"));
  tarballs = await packAll(join(folder, "packed"));
}, 300_000);

afterAll(() => rm(folder, { recursive: true }));

/** A project of somebody else's, with the packages and some others installed by npm. */
async function project(name: string, manifest: object, others: readonly string[]): Promise<string> {
  const place = join(folder, name);
  await mkdir(place);
  await writeFile(join(place, "package.json"), JSON.stringify({ private: true, ...manifest }));
  await run("npm", ["install", "--no-audit", "--no-fund", "zod@4", ...others, ...tarballs], place);
  return place;
}

/** Runs a program on the oldest Node that the packages name. */
async function onOldestNode(place: string, file: string): Promise<string> {
  const { engines } = await manifestOf("events");
  const node = `node-${process.platform === "win32" ? "win" : process.platform}-${process.arch}`;
  const oldest = `${node}@${engines.node.replace(">=", "")}`;
  return await run("npx", ["--yes", "-p", oldest, "--", "node", file], place);
}

const printed = ["echo: hello", "typed: 41 + 1 = 42", "valid: true"];

test("fault 211: one command in a fresh clone makes the tarballs, and what it prints installs them", async () => {
  const clone = join(folder, "clone");
  await run("git", ["clone", "--quiet", "--depth", "1", `file://${root}`, clone], folder);
  const lines = (await run("npm", ["run", "--silent", "pack"], clone)).trim().split("\n");
  const line = String(lines.at(-1));
  const packed = join(clone, "tarballs");
  for (const name of packageNames.filter((each) => each !== "create-ws-app")) {
    expect(line).toContain(await tarballOf(packed, name));
  }
  const place = join(folder, "installed");
  await mkdir(place);
  await writeFile(join(place, "package.json"), JSON.stringify({ private: true }));
  await run("sh", ["-c", `${line} zod@4 --no-audit --no-fund`], place);
  await writeFile(join(place, "app.js"), commonJsModule);
  expect((await run(process.execPath, ["app.js"], place)).trim().split("\n")).toEqual(printed);
}, 600_000);

test("fault 203: a CommonJS program has the packages by require, on the oldest Node", async () => {
  const place = await project("required", {}, []);
  await writeFile(join(place, "app.js"), commonJsModule);
  expect((await onOldestNode(place, "app.js")).trim().split("\n")).toEqual(printed);
}, 300_000);

test("fault 203: TypeScript finds the types by node10, and what it makes of them runs by require", async () => {
  const place = await project("node10", {}, [versions.typescript, versions.nodeTypes]);
  await writeFile(join(place, "types.ts"), consumerTypes);
  await writeFile(
    join(place, "app.ts"),
    commonJsModule.replace(/const (\{.*?\}) = require\((".*?")\);/g, "import $1 from $2;"),
  );
  const compilerOptions = {
    module: "commonjs",
    moduleResolution: "node10",
    target: "es2022",
    lib: ["es2023", "esnext.disposable"],
    strict: true,
    // zod's own declarations want it, and whoever has such a project has it.
    esModuleInterop: true,
    types: ["node"],
    // Declarations are checked too, by this older compiler.
    skipLibCheck: false,
    outDir: "out",
  };
  await writeFile(
    join(place, "tsconfig.json"),
    JSON.stringify({ compilerOptions, files: ["types.ts", "app.ts"] }),
  );
  await run("npx", ["--no-install", "tsc", "-p", "."], place);
  expect((await onOldestNode(place, "out/app.js")).trim().split("\n")).toEqual(printed);
}, 300_000);

test("fault 203: Jest runs a test of an application, set up as the README of @ws/testing says", async () => {
  const place = await project("jest", { type: "module" }, [versions.jest]);
  await writeFile(join(place, "jest.config.js"), "export default { transform: {} };\n");
  await writeFile(join(place, "echo.test.js"), jestTest);
  const jest = ["--experimental-vm-modules", "node_modules/jest/bin/jest.js", "--json"];
  const { numPassedTests, success } = JSON.parse(await run(process.execPath, jest, place));
  expect({ numPassedTests, success }).toEqual({ numPassedTests: 2, success: true });
}, 300_000);
