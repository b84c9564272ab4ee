/**
 * The protocol `jsonrpc.topics.v1` as types and tables: what a channel's server and its clients send each other. It uses no
 * socket, and has no dependencies. `docs/wire.md` describes it for other languages.
 *
 * @module
 */
export { type BinaryMessage, joinBinary, splitBinary } from "./wire/binary.js";
export {
  type CloseVerdict,
  closeCodeOfStatus,
  closeVerdict,
  type DownKind,
  retryAfter,
} from "./wire/close-verdict.js";
export type {
  ErrorReply,
  Frame,
  Id,
  MethodParams,
  MethodResults,
  Notification,
  Reply,
  Request,
  WireError,
  WireGap,
  WireMember,
} from "./wire/envelope.js";
export { type ErrorCode, errorCode } from "./wire/error-code.js";
export type { GapReason } from "./wire/gap-reason.js";
export { formatPosition, type Position, parsePosition } from "./wire/position.js";
export { subprotocol, wireLimits } from "./wire/protocol.js";
