import { defineConfig } from "vitest/config";
import config from "./vitest.slow.config.js";

// What claims how soon something is over, or how evenly it is spread, on a machine that does nothing else:
// `pnpm trials` runs them. CI does not, for on a busy machine they would judge the machine.
export default defineConfig({
  ...config,
  test: {
    ...config.test,
    include: ["src/**/*.trial.test.ts"],
    reporters: ["default"],
  },
});
