export { type Attached, type AttachOptions, attach } from "./attach.js";
export type { DeflateOptions } from "./deflate-options.js";
export type {
  ConnectionCloseMessage,
  ConnectionErrorMessage,
  ConnectionOpenMessage,
  DrainingMessage,
  HandshakeRejectedMessage,
} from "./diagnostics.js";
export { type FetchHandler, fromFetch } from "./from-fetch.js";
export { fromNode, type NodeListener } from "./from-node.js";
export { StartupError } from "./lifespan.js";
export type { Logger } from "./logger.js";
export {
  type CloseOptions,
  type ConnectionOptions,
  defaults,
  type Limits,
  type ServeOptions,
} from "./options.js";
export { type Server, serve } from "./serve.js";
export { handleSignals, type SignalOptions } from "./signals.js";
