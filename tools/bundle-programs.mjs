// Vitest's global set-up. Some tests start a process of their own many times: bundled once, it starts in a fifth of
// the time that it takes to load its TypeScript file by file.
import { existsSync, readFileSync } from "node:fs";
import { build } from "esbuild";

/**
 * The programs that tests start, by package. Each is written to `reports/`, as deep in the package as `src/`, so that
 * relative paths lead to the same files.
 *
 * @type {Readonly<Record<string, readonly string[]>>}
 */
const programs = {
  "@ws/server": ["src/faults/program.fixture.ts", "src/cluster.fixture.ts"],
  "@ws/testing": ["src/conformance/program.fixture.ts", "src/wire-clients/hand-written.fixture.ts"],
  "@ws/demo": ["src/main.ts", "src/two-processes.ts"],
  "@ws/serve": ["src/main.ts", "src/worker-main.ts", "src/rolling-deploy.fixture.ts"],
};

export async function setup() {
  const { name } = JSON.parse(readFileSync("package.json", "utf8"));
  const entryPoints = programs[name] ?? [];
  const missing = entryPoints.filter((path) => !existsSync(path));
  if (missing.length > 0) throw new Error(`tools/bundle-programs.mjs: there is no ${missing.join(", ")}`);
  if (entryPoints.length === 0) return;
  await build({
    entryPoints: [...entryPoints],
    entryNames: "[name]",
    outdir: "reports",
    outExtension: { ".js": ".mjs" },
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    conditions: ["@ws/source"],
    // The first two speed `ws` up where they are installed, and it tries to load them; the third bundles the demo's page.
    external: ["bufferutil", "utf-8-validate", "esbuild"],
    // CommonJS modules of the bundle ask for Node's own by `require`.
    banner: {
      js: 'import { createRequire as requireOf } from "node:module"; const require = requireOf(import.meta.url);',
    },
    sourcemap: "inline",
    logLevel: "error",
  });
}
