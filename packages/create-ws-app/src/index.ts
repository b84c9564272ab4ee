/**
 * The command behind `npm create ws-app`, which creates an application from a template. A template is an example of the
 * repository, whose tests run with the packages in their published form.
 *
 * @module
 */
export { type CommandContext, runCommand } from "./command.js";
export { type AppOptions, createApp } from "./create-app.js";
export { listTemplates, type Template } from "./template.js";
export { UsageError } from "./usage-error.js";
