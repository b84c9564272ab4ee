/**
 * The parameters of a path: the converters that every pattern knows, and the types of what they give. The router reads its
 * patterns with these.
 *
 * @module
 */
export * from "./path/converter.js";
export * from "./path/fill-path.js";
export * from "./path/params.js";
