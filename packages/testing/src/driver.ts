/**
 * Runs an application on events alone, without a server, a socket or a client, on any host.
 *
 * @module
 */
export { Driver } from "./driver/driver.js";
export { httpScope, lifespanScope, webSocketScope } from "./driver/scope.js";
export { WaitTimeout } from "./driver/within.js";
