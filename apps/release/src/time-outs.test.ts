import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { expect, test } from "vitest";
import { root } from "./workspace.fixture.js";

/** What must not stand in a test or a fixture, and what does the same on a machine that is busy. */
const forbidden: readonly (readonly [pattern: RegExp, instead: string])[] = [
  [/\bvi\.wait(For|Until)\(/, "expect.poll, which waits as long as vitest.config.ts says"],
  [
    /[{ ]timeout: ?(\d{1,3}|\d{1,2}_\d{3}),? ?\}, (async )?\(/,
    "no time-out: vitest.config.ts has one for all tests",
  ],
  [/^\s*\}, \d{1,2}_\d{3}\);/m, "no time-out: vitest.config.ts has one for all tests"],
  [/\.poll\([^\n]*timeout:/, "no time-out: vitest.config.ts has one for all polls"],
  [
    /performance\.now\(\) - \w+\)\.toBeLessThan/,
    "the fake clock, process.cpuUsage(), a *.slow.test.ts, `pnpm trials`, or `pnpm bounds`",
  ],
];

/** The tests and fixtures of all packages and applications, by path; those that take long are run on a quiet machine. */
async function testFiles(): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  for (const top of ["packages", "apps"]) {
    for (const name of await readdir(join(root, top))) {
      const folder = join(root, top, name, "src");
      for (const path of await readdir(folder, { recursive: true })) {
        if (!/\.(test|fixture)\.ts$/.test(path) || /\.(slow|trial)\.test|deadlines\.fixture/.test(path))
          continue;
        files.set(relative(root, join(folder, path)), await readFile(join(folder, path), "utf8"));
      }
    }
  }
  return files;
}

test("fault 210: no time-out of a test claims anything: each bounds a hang, and is set in one place", async () => {
  const found: string[] = [];
  for (const [path, source] of await testFiles()) {
    for (const [pattern, instead] of forbidden) {
      const match = pattern.exec(source);
      if (match !== null) found.push(`${path}: ${match[0].trim()} (instead: ${instead})`);
    }
  }
  expect(found).toEqual([]);
});

test("fault 210: whoever has tests that take long has the script that runs them", async () => {
  for (const top of ["packages", "apps"]) {
    for (const name of await readdir(join(root, top))) {
      const files = await readdir(join(root, top, name, "src"), { recursive: true });
      const { scripts } = JSON.parse(await readFile(join(root, top, name, "package.json"), "utf8"));
      const isSlow = files.some((file) => file.endsWith(".slow.test.ts"));
      expect([name, scripts["test:slow"]]).toEqual([
        name,
        isSlow ? "vitest run --config ../../vitest.slow.config.ts" : undefined,
      ]);
    }
  }
});
