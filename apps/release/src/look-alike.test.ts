import { access, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { folderOf, manifestOf, packageNames, repositoryUrl, root, sourcesOf } from "./workspace.fixture.js";

/** The session core of the server is compiled by itself as well, without the types of Node. */
const typechecks: Readonly<Record<string, string>> = {
  server: "tsc -p tsconfig.json && tsc -p tsconfig.session.json",
};

/** The starter's templates are made of examples. */
const builds: Readonly<Record<string, string>> = {
  "create-ws-app": "tsc -p tsconfig.build.json && node copy-templates.mjs",
};

/** Whether a package has tests that take long by nature: `npm run test:slow` runs those by a script of their own. */
async function hasSlowTests(name: string): Promise<boolean> {
  const files = await readdir(join(folderOf(name), "src"), { recursive: true });
  return files.some((file) => file.endsWith(".slow.test.ts"));
}

describe.each(packageNames)("@ws/%s", (name) => {
  test("has the files that its neighbours have", async () => {
    const files = [
      "README.md",
      "LICENSE",
      "CHANGELOG.md",
      "tsconfig.json",
      "tsconfig.build.json",
      "src/index.ts",
      "src/index.test.ts",
    ];
    for (const file of files) await access(join(folderOf(name), file));
    const licence = await readFile(join(root, "LICENSE"), "utf8");
    expect(await readFile(join(folderOf(name), "LICENSE"), "utf8")).toBe(licence);
  });

  test("has the scripts that its neighbours have", async () => {
    const { scripts, engines } = await manifestOf(name);
    expect(scripts).toEqual({
      build: builds[name] ?? "tsc -p tsconfig.build.json",
      prepack: "pnpm run build",
      typecheck: typechecks[name] ?? "tsc -p tsconfig.json",
      test: "vitest run --config ../../vitest.config.ts --coverage",
      ...((await hasSlowTests(name)) && { "test:slow": "vitest run --config ../../vitest.slow.config.ts" }),
    });
    // What runs inside Bun and Deno by tests of its own says from which version on.
    const others = name === "server" ? { bun: expect.any(String), deno: expect.any(String) } : {};
    expect(engines).toEqual({ node: ">=20.19.0", ...others });
  });

  test("fault 211: says where its repository is, as the root does in one place", async () => {
    const { homepage, bugs, repository } = await manifestOf(name);
    const url = await repositoryUrl();
    expect(repository).toEqual({ type: "git", url: `git+${url}.git`, directory: `packages/${name}` });
    expect(homepage).toBe(`${url}/tree/main/packages/${name}#readme`);
    expect(bugs).toBe(`${url}/issues`);
  });

  test("fault 211: has a README whose links hold where a registry shows it", async () => {
    const readme = await readFile(join(folderOf(name), "README.md"), "utf8");
    const prose = readme.replaceAll(/<!--[\s\S]*?-->|```[\s\S]*?```|`[^`]*`/g, "");
    const links = [...prose.matchAll(/\]\(([^)]*)\)/g)].map(([, link]) => String(link));
    expect(links.filter((link) => !/^(https:\/\/|#)/.test(link))).toEqual([]);
    const url = await repositoryUrl();
    for (const link of links.filter((each) => each.startsWith(url))) {
      const path = link
        .slice(url.length)
        .replace(/^\/(blob|tree)\/main\//, "")
        .replace(/#.*$/, "");
      await access(join(root, path));
    }
  });

  test("has an index that is a list of names", async () => {
    const index = (await sourcesOf(name)).get("index.ts");
    // But for the paragraph that says what the package is.
    const names = index?.replace(/^\/\*\*[\s\S]*?@module\s*\*\/\n/, "");
    const rest = names?.replaceAll(/export (type )?(\{[^}]*\}|\*) from "[^"]*";/g, "");
    expect(rest?.trim()).toBe("");
  });

  test("has no file of more than 265 lines, and none that is called after nothing", async () => {
    const sources = await sourcesOf(name);
    const long = [...sources].filter(([, source]) => source.split("\n").length > 266);
    expect(long.map(([path]) => path)).toEqual([]);
    const vague = [...sources.keys()].filter((path) =>
      /(^|\/)(utils?|helpers?|common|misc|shared)\b/.test(path),
    );
    expect(vague).toEqual([]);
  });
});
