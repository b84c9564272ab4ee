import { fileURLToPath } from "node:url";
import { build, type Metafile } from "esbuild";
import { expect, test } from "vitest";

/** Bundles the root as a browser's application would. */
async function bundle(): Promise<Metafile> {
  const { metafile } = await build({
    entryPoints: [fileURLToPath(new URL("./index.ts", import.meta.url))],
    absWorkingDir: fileURLToPath(new URL("../../..", import.meta.url)),
    bundle: true,
    format: "esm",
    platform: "browser",
    conditions: ["@ws/source"],
    metafile: true,
    write: false,
    logLevel: "silent",
  });
  return metafile;
}

test("a bundle for the browser holds this package, contract, the root of events and cookie: no zod, nothing of Node", async () => {
  const { inputs, outputs } = await bundle();
  const files = Object.keys(inputs);
  expect(files).toContain("packages/connection/src/connection.ts");
  expect(files).toContain("packages/events/src/rules/lifecycle.ts");
  expect(files).not.toContain("packages/events/src/schemas.ts");
  expect(
    files.filter(
      (file) => !/^packages\/(connection|contract|events)\/src\/([a-z]+\/)?[a-z-]+\.ts$/.test(file),
    ),
  ).toEqual([expect.stringMatching(/\/node_modules\/cookie\//)]);
  const imports = [...Object.values(inputs), ...Object.values(outputs)].flatMap((one) => one.imports);
  expect(imports.filter(({ path, external }) => external === true || path.startsWith("node:"))).toEqual([]);
});

test("it comes to less than 64 KiB, before it is minified", async () => {
  const { outputs } = await bundle();
  const size = Object.values(outputs).reduce((sum, output) => sum + output.bytes, 0);
  expect(size).toBeLessThan(64 * 1024);
});
