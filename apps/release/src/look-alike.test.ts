import { access, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { folderOf, manifestOf, packageNames, root, sourcesOf } from "./workspace.fixture.js";

describe.each(packageNames)("@ws/%s", (name) => {
  test("has the files that its neighbours have", async () => {
    const files = [
      "README.md",
      "LICENSE",
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
      build: "tsc -p tsconfig.build.json",
      prepack: "pnpm run build",
      typecheck: "tsc -p tsconfig.json",
      test: "vitest run --config ../../vitest.config.ts --coverage",
    });
    expect(engines).toEqual({ node: ">=20.19.0" });
  });

  test("has an index that is a list of names", async () => {
    const index = (await sourcesOf(name)).get("index.ts");
    const rest = index?.replaceAll(/export (type )?(\{[^}]*\}|\*) from "[^"]*";/g, "");
    expect(rest?.trim()).toBe("");
  });

  test("has no file of more than 250 lines, and none that is called after nothing", async () => {
    const sources = await sourcesOf(name);
    const long = [...sources].filter(([, source]) => source.split("\n").length > 251);
    expect(long.map(([path]) => path)).toEqual([]);
    const vague = [...sources.keys()].filter((path) =>
      /(^|\/)(utils?|helpers?|common|misc|shared)\b/.test(path),
    );
    expect(vague).toEqual([]);
  });
});
