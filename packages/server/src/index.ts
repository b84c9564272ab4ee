export { type Attached, type AttachOptions, attach } from "./attach.js";
export type {
  ConnectionCloseMessage,
  ConnectionErrorMessage,
  ConnectionOpenMessage,
  DrainingMessage,
  HandshakeRejectedMessage,
} from "./gateway/diagnostics.js";
export type { UpgradeServer } from "./gateway/upgrade-listener.js";
export { type FetchContext, type FetchHandler, fromFetch } from "./http/adapters/from-fetch.js";
export { fromNode, type NodeListener } from "./http/adapters/from-node.js";
export { fromPino, type PinoLike } from "./logging/pino-logger.js";
export type { LoggerOption } from "./logging/resolve-logger.js";
export type { DeflateOptions } from "./options/deflate-options.js";
export type { ListenOptions } from "./options/listen-options.js";
export type { CloseOptions, ConnectionOptions, ServeOptions } from "./options/options.js";
export { listenDefaults } from "./options/resolve-listen.js";
export { defaults } from "./options/resolve-options.js";
export { type Server, serve } from "./serve.js";
export { StartupError } from "./session/lifespan.js";
export type { Limits } from "./session/limits.js";
export type { Logger } from "./session/logger.js";
export { handleSignals, type SignalOptions } from "./signals.js";
