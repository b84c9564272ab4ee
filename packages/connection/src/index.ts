export { Connection } from "./connection.js";
export type { JsonLimits } from "./json.js";
export type { AcceptOptions, JsonOptions, WaitOptions } from "./options.js";
export { type ReadonlyHeaders, readCookies } from "./request.js";
export type { Denial, HeadersInput } from "./response.js";
export type { InferInput, InferOutput, Schema } from "./schema.js";
export { type Contract, TypedConnection } from "./typed-connection.js";
