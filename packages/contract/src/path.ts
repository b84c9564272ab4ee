/**
 * The parameters of a path: the built-in converters, and the types of the values that they give. The router reads its
 * patterns with these.
 *
 * @module
 */
export * from "./path/converter.js";
export * from "./path/fill-path.js";
export * from "./path/params.js";
