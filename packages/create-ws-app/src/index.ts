/**
 * The command behind `npm create ws-app`: it begins an application from a template. A template is an example of the repository,
 * whose tests are run with the packages as they are published.
 *
 * @module
 */
export { type CommandContext, runCommand } from "./command.js";
export { type AppOptions, createApp } from "./create-app.js";
export { listTemplates, type Template } from "./template.js";
export { UsageError } from "./usage-error.js";
