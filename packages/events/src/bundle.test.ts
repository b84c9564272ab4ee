import { fileURLToPath } from "node:url";
import { build, type Metafile, type Platform } from "esbuild";
import { describe, expect, test } from "vitest";

/** Bundles one entry as an application would; what is left in as an import stays in `external`. */
async function bundle(entry: string, platform: Platform): Promise<{ meta: Metafile; external: string[] }> {
  const { metafile: meta } = await build({
    entryPoints: [fileURLToPath(new URL(entry, import.meta.url))],
    absWorkingDir: fileURLToPath(new URL("..", import.meta.url)),
    bundle: true,
    format: "esm",
    platform,
    mainFields: ["module", "main"],
    metafile: true,
    write: false,
    logLevel: "silent",
  });
  const imports = Object.values(meta.outputs).flatMap((output) => output.imports);
  return { meta, external: imports.filter((one) => one.external === true).map((one) => one.path) };
}

const zodFile = /(^|\/)node_modules\/zod\//;

describe.each(["browser", "neutral"] as const)("bundled for %s", (platform) => {
  test("the root is its own files alone: no zod, nothing of Node", async () => {
    const { meta, external } = await bundle("./index.ts", platform);
    const inputs = Object.keys(meta.inputs);
    expect(inputs).toContain("src/rules/lifecycle.ts");
    expect(inputs.filter((input) => !/^src\/([a-z]+\/)?[a-z-]+\.ts$/.test(input))).toEqual([]);
    expect(inputs).not.toContain("src/schemas.ts");
    expect(external).toEqual([]);
  });

  test("./schemas holds zod, and nothing of Node", async () => {
    const { meta, external } = await bundle("./schemas.ts", platform);
    expect(Object.keys(meta.inputs).some((input) => zodFile.test(input))).toBe(true);
    expect(external).toEqual([]);
  });
});

test("the root comes to less than 28 KiB, before it is minified", async () => {
  const { meta } = await bundle("./index.ts", "browser");
  const size = Object.values(meta.outputs).reduce((sum, output) => sum + output.bytes, 0);
  expect(size).toBeLessThan(28 * 1024);
});
