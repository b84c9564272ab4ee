import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { describe, expect, test } from "vitest";

/** What each entry may weigh, bundled for a browser, minified and gzipped, in bytes. */
const limits = {
  "index.ts": 7_300,
  "socket.ts": 3_900,
  "live.ts": 900,
  "bytes.ts": 350,
  "address.ts": 1_300,
} as const;

describe.each(Object.entries(limits))("the entry %s", (entry, limit) => {
  test("weighs what it may, and holds no module of Node, no zod and no other dependency", async () => {
    const { metafile, outputFiles } = await build({
      entryPoints: [`src/${entry}`],
      bundle: true,
      minify: true,
      format: "esm",
      platform: "browser",
      target: "es2022",
      conditions: ["@ws/source"],
      metafile: true,
      write: false,
    });
    const inputs = Object.keys(metafile.inputs).filter((path) => !/^(src|\.\.\/contract\/src)\//.test(path));
    expect(inputs).toEqual([]);
    const [bundle] = outputFiles;
    expect(gzipSync(bundle?.contents ?? "", { level: 9 }).length).toBeLessThanOrEqual(limit);
  });
});
