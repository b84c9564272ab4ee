/**
 * An AsyncAPI 3.0 document of routes and channels, and one page of it to read. Schemas are asked by Standard JSON Schema, so any
 * library that has it will do. For build time: nothing here is on the road of a message.
 *
 * @module
 */
export { type AsyncApiOptions, asyncapi } from "./asyncapi.js";
export type {
  AsyncApiDocument,
  CloseCodeEntry,
  DocumentChannel,
  DocumentServer,
  Info,
  JsonSchema,
  Message,
  Operation,
  Parameter,
  Reference,
} from "./document.js";
export { asyncapiHtml } from "./html.js";
export type { Convert, SchemaPlace, Sender } from "./json-schema.js";
