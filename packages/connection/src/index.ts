export type { InferInput, InferOutput, Schema } from "@ws/contract";
export type { JsonLimits } from "@ws/contract/validation";
export { Connection, type TypedConnection } from "./connection.js";
export type { AcceptOptions, JsonOptions, WaitOptions } from "./options.js";
export { type ReadonlyHeaders, readCookies } from "./request.js";
export type { Denial, HeadersInput } from "./response.js";
export type { Contract } from "./typed-messages.js";
