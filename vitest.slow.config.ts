import { defineConfig } from "vitest/config";
import config from "./vitest.config.js";

// The tests that take long by nature: `npm run test:slow` runs them, and so does CI. They measure no coverage.
const { coverage: _coverage, ...test } = config.test ?? {};

export default defineConfig({
  ...config,
  test: {
    ...test,
    include: ["src/**/*.slow.test.ts"],
    exclude: [],
    reporters: ["default", ["json", { outputFile: "reports/vitest.slow.json" }]],
  },
});
