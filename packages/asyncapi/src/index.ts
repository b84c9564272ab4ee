/**
 * An AsyncAPI 3.0 document of routes and channels, and a page to read it. It works with any library whose schemas have
 * Standard JSON Schema. It is meant for build time, and does not affect the serving of messages.
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
