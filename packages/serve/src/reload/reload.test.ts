import {
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { FileFilter } from "./file-filter.js";
import { filePattern } from "./file-pattern.js";
import { changedSince } from "./newest-change.js";
import { watchFiles } from "./watch-files.js";
import { watchedFolders } from "./watched-folders.js";

function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "ws-reload-")));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

test.each([
  ["*.sql", "a/b.sql", true],
  ["*.sql", "b.sql.ts", false],
  ["b?.ts", "a/b1.ts", true],
  ["views/*.html", "views/a.html", true],
  ["views/*.html", "views/a/b.html", false],
  ["views/**", "views/a/b.html", true],
  ["**/b.html", "b.html", true],
  ["a+(b).ts", "a+(b).ts", true],
])("the pattern %s and the path %s", (pattern, path, isMatch) => {
  expect(filePattern(pattern)(path)).toBe(isMatch);
});

describe("the filter", () => {
  const filter = new FileFilter(["/work/.app"], ["*.sql", ".special"], ["*.test.ts"]);

  test.each([
    "a.ts",
    "a/b.mts",
    "b.cts",
    "b.js",
    "b.mjs",
    "b.cjs",
    "b.json",
    ".env",
    ".env.local",
    "a.sql",
    ".special",
  ])("watches %s", (name) => expect(filter.watches(`/work/.app/${name}`)).toBe(true));

  test.each(["a.txt", "a.test.ts", ".a.ts", ".a.ts.swp", "a.ts~", "4913", "a.d"])(
    "does not watch %s",
    (name) => {
      expect(filter.watches(`/work/.app/${name}`)).toBe(false);
    },
  );

  test("judges a path outside its folders by its name", () => {
    expect([filter.watches("/other/a.ts"), filter.watches("/other/a.txt")]).toEqual([true, false]);
  });

  test("ignores what is installed, built and hidden, but not a folder that it was given", () => {
    const ignored = ["node_modules", "dist", ".git", "src", "lib/dist"].filter((name) =>
      filter.ignoresFolder(`/work/.app/${name}`),
    );
    expect(ignored).toEqual(["node_modules", "dist", ".git", "lib/dist"]);
    expect(filter.ignoresFolder("/work/.app")).toBe(false);
  });
});

describe("the folders to watch", () => {
  test("are the current one, those asked for, and the siblings of the workspace with theirs", () => {
    const folder = folderOf({
      "app/package.json":
        '{"dependencies":{"one":"*","missing":"*","installed":"*"},"devDependencies":{"inner":"*"}}',
      "app/src/app.ts": "",
      "one/package.json": '{"dependencies":{"two":"*","one":"*"}}',
      "two/package.json": "{",
      "node_modules/installed/package.json": "{}",
      "app/inner/package.json": "{}",
    });
    for (const name of ["one", "two"]) symlinkSync(`../${name}`, join(folder, "node_modules", name));
    symlinkSync("../app/inner", join(folder, "node_modules", "inner"));
    const found = watchedFolders(join(folder, "app"), join(folder, "app/src/app.ts"), ["../more", "src"]);
    expect([...found].sort()).toEqual(["app", "more", "one", "two"].map((name) => join(folder, name)));
  });

  test("are the current one alone where there is no package", () => {
    const folder = folderOf({ "app.ts": "" });
    expect(watchedFolders(folder, join(folder, "app.ts"), [])).toEqual([folder]);
  });
});

test("what has changed since a moment is found, unless it does not count", async () => {
  const folder = folderOf({ "a/b.ts": "", "node_modules/c.ts": "", "d.txt": "" });
  const filter = new FileFilter([folder], [], []);
  const then = Date.now() - 60_000;
  utimesSync(join(folder, "a/b.ts"), new Date(then - 1_000), new Date(then - 1_000));
  symlinkSync("nowhere.ts", join(folder, "broken.ts"));
  expect(await changedSince([folder, join(folder, "missing")], filter, then)).toBeUndefined();
  utimesSync(join(folder, "a/b.ts"), new Date(), new Date());
  expect(await changedSince([folder], filter, then)).toBe(join(folder, "a/b.ts"));
});

test("many changes at once are one, and after its end none is told", async () => {
  const folder = folderOf({ "a.ts": "", ".env": "", "dist/a.ts": "" });
  const changes: string[] = [];
  const logger = { debug() {}, info() {}, warn() {}, error() {} };
  let told = (): void => {};
  const stop = await watchFiles(
    [folder],
    new FileFilter([folder], [], []),
    (file) => {
      changes.push(file);
      told();
    },
    logger,
  );
  const first = new Promise<void>((resolve) => {
    told = resolve;
  });
  writeFileSync(join(folder, "dist/a.ts"), "changed");
  writeFileSync(join(folder, "a.ts"), "changed");
  writeFileSync(join(folder, "new.ts"), "changed");
  await first;
  expect(changes).toHaveLength(1);
  const second = new Promise<void>((resolve) => {
    told = resolve;
  });
  mkdirSync(join(folder, "more"));
  writeFileSync(join(folder, ".env"), "A=1");
  await second;
  expect(changes[1]).toBe(join(folder, ".env"));
  await stop();
});
