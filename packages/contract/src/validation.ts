/**
 * The checks of messages: JSON within bounds, and any schema that implements Standard Schema. They decide once for
 * connection, broadcast and service what happens to an invalid message.
 *
 * @module
 */
export { formatJson, type JsonLimits, parseJson } from "./validation/json.js";
export { checkSchema, validateReceived, validateSent } from "./validation/validate.js";
