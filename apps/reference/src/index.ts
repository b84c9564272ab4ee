/**
 * The reference: pages in Markdown of every export of every package, and every option in one table, from the source.
 *
 * @module
 */
export { type EntryPoint, entryPoints } from "./entry-points.js";
export { type ReferenceOptions, writeReference } from "./write-reference.js";
