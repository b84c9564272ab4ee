/**
 * What is checked of messages: JSON within bounds, and any schema that speaks Standard Schema. It says once what connection,
 * broadcast and service do with a message that is not what was asked for.
 *
 * @module
 */
export { formatJson, type JsonLimits, parseJson } from "./validation/json.js";
export { checkSchema, validateReceived, validateSent } from "./validation/validate.js";
