import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { expect, test } from "vitest";
import * as names from "./index.js";

test("the public names are these", () => {
  expect(Object.keys(names).sort()).toEqual(["useConnection", "useLive", "useRequest", "useTopic"]);
});

test("the hooks weigh at most 800 bytes, minified and gzipped, without React and the client", async () => {
  const { outputFiles } = await build({
    entryPoints: ["src/index.ts"],
    bundle: true,
    minify: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    conditions: ["@ws/source"],
    external: ["react", "@ws/client", "@ws/client/live"],
    write: false,
  });
  expect(gzipSync(outputFiles[0]?.contents ?? "", { level: 9 }).length).toBeLessThanOrEqual(800);
});
