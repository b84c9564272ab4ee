/**
 * The command `ws-serve`: it runs an application in processes of its own, loads it again when a file changes, and restarts
 * it without a lost connection. What is imported is for its config file alone.
 *
 * @module
 */
export { type Duration, defineConfig, type ServeConfig, type Size } from "./serve-config.js";
