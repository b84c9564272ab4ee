import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { defineConfig } from "vitest/config";

// One configuration for every package: its script runs `vitest run --config ../../vitest.config.ts` in its own
// folder, so that a package is measured by its own tests alone.
const conditions = ["@ws/source", "module", "node", "development|production"];

/** The servers that the engines of @ws/broadcast speak to. Where one is missing, its tests say so, and fail in CI. */
const engines = existsSync("src/engine.ts") ? ["redis-server", "nats-server"] : [];
const path = `${process.env.PATH}:/usr/sbin`;
const isMissing = (program: string): boolean =>
  spawnSync(program, ["--version"], { env: { PATH: path } }).error !== undefined;
const isWhole = process.env.CI === "true" || !engines.some(isMissing);

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ["src/**/*.test.ts"],
    // What holds for every test of a package stands in a file of that name.
    setupFiles: existsSync("src/every-test.fixture.ts") ? ["src/every-test.fixture.ts"] : [],
    reporters: ["default", ["json", { outputFile: "reports/vitest.json" }]],
    restoreMocks: true,
    coverage: {
      provider: "v8",
      include: ["src/**/*.ts"],
      exclude: ["src/**/*.test.ts", "src/**/*.fixture.ts"],
      reporter: ["text", "json-summary"],
      reportsDirectory: "reports/coverage",
      ...(isWhole && { thresholds: { branches: 100, lines: 100, functions: 100, statements: 100 } }),
    },
  },
});
