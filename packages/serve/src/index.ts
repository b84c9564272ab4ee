/**
 * The command `ws-serve`: it runs an application in worker processes, reloads it when a file changes, and restarts it
 * without losing connections. What can be imported is for its config file.
 *
 * @module
 */
export { type Duration, defineConfig, type ServeConfig, type Size } from "./serve-config.js";
