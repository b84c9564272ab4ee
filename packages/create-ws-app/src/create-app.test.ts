import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { createApp } from "./create-app.js";
import { copyTemplates, templates, temporaryFolder } from "./templates.fixture.js";
import { UsageError } from "./usage-error.js";

const examples = fileURLToPath(new URL("../../../examples", import.meta.url));

test.each(["chat", "echo"])(
  "an application of %s is the example, file by file, under its own name",
  (template) => {
    const target = join(temporaryFolder(), "deep", "my-app");
    const files = createApp({ target, template, templates });
    expect(files).toEqual(
      expect.arrayContaining([".gitignore", "package.json", "README.md", "app.ts", "app.test.ts"]),
    );
    for (const path of files.filter((each) => each !== "package.json")) {
      expect(readFileSync(join(target, path))).toEqual(readFileSync(join(examples, template, path)));
    }
    const { name: _, ...manifest } = JSON.parse(
      readFileSync(join(examples, template, "package.json"), "utf8"),
    );
    const { name, ...made } = JSON.parse(readFileSync(join(target, "package.json"), "utf8"));
    expect(name).toBe("my-app");
    expect(Object.keys(made)).toEqual(Object.keys(manifest));
  },
);

test("the packages' versions are those of the release", () => {
  const target = join(temporaryFolder(), "app");
  createApp({ target, template: "echo", templates });
  const { dependencies, devDependencies } = JSON.parse(readFileSync(join(target, "package.json"), "utf8"));
  const server = JSON.parse(readFileSync(join(examples, "../packages/server/package.json"), "utf8"));
  expect(dependencies["@ws/server"]).toBe(`^${server.version}`);
  expect(devDependencies["@ws/testing"]).toBe(`^${server.version}`);
});

test("an empty folder is taken, and one in which there is but .git", () => {
  const target = temporaryFolder();
  const app = join(target, "app");
  mkdirSync(join(app, ".git"), { recursive: true });
  createApp({ target: app, template: "echo", templates });
  expect(readdirSync(app)).toEqual(expect.arrayContaining([".git", "package.json"]));
});

test("a folder with anything else in it is left as it is", () => {
  const target = join(temporaryFolder(), "app");
  mkdirSync(target);
  const attempt = (): unknown => createApp({ target, template: "echo", templates });
  writeFileSync(join(target, "a"), "mine");
  expect(attempt).toThrow(
    `${target} is not empty: expected an empty folder, or a name that is free, and found a.`,
  );
  for (const name of ["b", "c", "d"]) writeFileSync(join(target, name), "mine");
  expect(attempt).toThrow("and found a, b, c, ….");
  expect(readdirSync(target)).toEqual(["a", "b", "c", "d"]);
});

test("a file is no folder", () => {
  const target = join(temporaryFolder(), "app");
  writeFileSync(target, "");
  expect(() => createApp({ target, template: "echo", templates })).toThrow(
    `${target} is a file: expected a folder that is empty, or a name that is free.`,
  );
});

test("with a template that there is not, or a name that npm would not take, nothing is written", () => {
  const folder = temporaryFolder();
  expect(() => createApp({ target: join(folder, "app"), template: "caht", templates })).toThrow(
    new UsageError('There is no template "caht": expected chat or echo.'),
  );
  expect(() => createApp({ target: join(folder, "My App"), template: "chat", templates })).toThrow(
    /such as my-app\./,
  );
  expect(readdirSync(folder)).toEqual([]);
});

test.each([false, true])(
  "where a file can't be written, what was written is taken away (folder there before: %s)",
  (isThere) => {
    const folder = temporaryFolder();
    const broken = copyTemplates();
    // A folder and a file of one name, as an archive that was made by hand may have: the second can't be written.
    mkdirSync(join(broken, "echo", "a"));
    writeFileSync(join(broken, "echo", "a", "_gitignore"), "");
    writeFileSync(join(broken, "echo", "a", ".gitignore"), "");
    const target = join(folder, "app");
    if (isThere) mkdirSync(join(target, ".git"), { recursive: true });
    expect(() => createApp({ target, template: "echo", templates: broken })).toThrow(/EEXIST/);
    expect(readdirSync(folder, { recursive: true })).toEqual(isThere ? ["app", "app/.git"] : []);
  },
);
