import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { scratchClone } from "./scratch-clone.fixture.js";
import { manifestOf, run } from "./workspace.fixture.js";

let folder = "";
let clone = "";
/** The scope as it is, and one that is longer and sorts elsewhere. */
let scope = "";
const other = "@other-scope";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ws-renaming-"));
  clone = await scratchClone(folder);
  scope = String((await manifestOf("events")).name.split("/")[0]);
}, 300_000);

afterAll(() => rm(folder, { recursive: true }));

const rename = (...given: readonly string[]): Promise<string> =>
  run("pnpm", ["run", "rename-scope", ...given], clone);

test("what is no scope, is the packages' own, or is somebody else's, changes nothing and says why", async () => {
  await expect(rename()).rejects.toThrow(/expected a scope such as "@other", got ""/);
  await expect(rename("other")).rejects.toThrow(/expected a scope such as "@other", got "other"/);
  await expect(rename("@a", "@b")).rejects.toThrow(/got "@a @b"/);
  await expect(rename(scope)).rejects.toThrow(/have the scope @\S+ already/);
  await expect(rename("@types")).rejects.toThrow(/somebody else's/);
  expect(await run("git", ["status", "--porcelain"], clone)).toBe("");
  await writeFile(join(clone, "mine.txt"), "");
  await expect(rename(other)).rejects.toThrow(/expected everything to be committed/);
  await rm(join(clone, "mine.txt"));
});

test("one command gives every package another scope: all installs, builds, compiles, is formatted, and passes its tests", async () => {
  expect(await rename(other)).toContain(`${scope} is ${other} now`);
  const left = await run(
    "sh",
    ["-c", `git grep -nIE '(^|[^A-Za-z0-9_.])${scope}($|[^A-Za-z0-9_-])' || true`],
    clone,
  );
  expect(left).toBe("");
  expect(JSON.parse(await readFile(join(clone, "packages/router/package.json"), "utf8")).name).toBe(
    `${other}/router`,
  );
  expect(await readFile(join(clone, "README.md"), "utf8")).toContain(`/${other.slice(1)}-events-`);

  await run("pnpm", ["install", "--offline", "--frozen-lockfile"], clone);
  const turbo = ["exec", "turbo", "run", "--output-logs=errors-only", "--filter=./packages/*"];
  await run("pnpm", [...turbo, "build", "typecheck"], clone);
  await run("pnpm", ["--filter", `${other}/router`, "test"], clone);
  const floors = ["src/floors.test.ts", "src/look-alike.test.ts"];
  const vitest = ["exec", "vitest", "run", "--config", "../../vitest.config.ts"];
  await run("pnpm", [...vitest, ...floors], join(clone, "apps/release"));
}, 900_000);
