import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

// One configuration for every package: its script runs `vitest run --config ../../vitest.config.ts` in its own
// folder, so that a package is measured by its own tests alone.
const conditions = ["@ws/source", "module", "node", "development|production"];

/** The servers that the engines of @ws/broadcast speak to. Where one is missing, its tests say so, and fail in CI. */
const engines = existsSync("src/engine/engine.ts") ? ["redis-server", "nats-server"] : [];
const path = `${process.env.PATH}:/usr/sbin`;
const isMissing = (program: string): boolean =>
  spawnSync(program, ["--version"], { env: { PATH: path } }).error !== undefined;
const isWhole = process.env.CI === "true" || !engines.some(isMissing);

/**
 * How much of a package its tests must reach, in per cent. What speaks with real sockets and servers has a few lines that
 * only a race reaches: such a line must not decide whether a run has passed. Broadcast has the most of them, in what it does
 * while servers of Redis and NATS fail over.
 */
const isRaced = existsSync("src/serve.ts") || existsSync("src/network");
const least = existsSync("src/engine/engine.ts") ? 98 : isRaced ? 99.5 : 100;

/**
 * What of @ws/serve runs in processes that its tests start: coverage is that of the tests' own process, and knows nothing of
 * them. Each of their behaviours has a test that runs the command.
 */
const isCommand = existsSync("src/worker-main.ts");
const ofOtherProcesses = isCommand
  ? [
      // Vitest takes the files of a package by the beginning of their path: that of `serve` is that of `server`, too.
      "**/packages/server/**",
      "src/*main.ts",
      "src/{command,load,parent,worker}/**",
      "src/reload/watch-files.ts",
      "src/logging/logger.ts",
    ]
  : [];

/** How long a test may take before it is taken to hang, in ms. */
const patience = 120_000;

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ["src/**/*.test.ts"],
    exclude: ["src/**/*.slow.test.ts", "src/**/*.trial.test.ts"],
    // The files of a worker share its modules: to load them anew for each file costs more than the tests themselves.
    isolate: false,
    // Many tests wait for a socket or a process rather than for the processor: two files at a time, whatever the machine has.
    maxWorkers: 2,
    // A time-out ends a test that hangs, and claims nothing of how fast anything is: a busy machine has to pass too.
    testTimeout: patience,
    hookTimeout: patience,
    teardownTimeout: patience,
    expect: { poll: { timeout: patience / 2 } },
    env: { WS_TESTING_TIMEOUT: String(patience / 2) },
    globalSetup: [fileURLToPath(new URL("tools/bundle-programs.mjs", import.meta.url))],
    // What holds for every test of a package stands in a file of that name.
    setupFiles: [
      fileURLToPath(new URL("tools/end-of-file.setup.mjs", import.meta.url)),
      ...(existsSync("src/every-test.fixture.ts") ? ["src/every-test.fixture.ts"] : []),
    ],
    unstubEnvs: true,
    unstubGlobals: true,
    reporters: ["default", ["json", { outputFile: "reports/vitest.json" }]],
    restoreMocks: true,
    coverage: {
      provider: "v8",
      include: ["src/**/*.ts"],
      exclude: ["src/**/*.test.ts", "src/**/*.fixture.ts", ...ofOtherProcesses],
      reporter: ["text", "json-summary"],
      reportsDirectory: "reports/coverage",
      ...(isWhole && { thresholds: { branches: least, lines: least, functions: least, statements: least } }),
    },
  },
});
