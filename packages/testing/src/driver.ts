/**
 * Runs an application on events alone: no server, no socket and no client, on any host.
 *
 * @module
 */
export { Driver } from "./driver/driver.js";
export { httpScope, lifespanScope, webSocketScope } from "./driver/scope.js";
export { WaitTimeout } from "./driver/within.js";
