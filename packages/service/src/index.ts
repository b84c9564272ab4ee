/**
 * Serves a channel of `@ws/contract`: `implement` makes a route of it, which answers requests, receives and sends messages,
 * and lets clients subscribe to topics of `@ws/broadcast`. The protocol is described in `docs/wire.md`.
 *
 * @module
 */
export type { ClientCallOptions, Context, RequestContext } from "./channel/context.js";
export type { Implementation } from "./channel/implementation.js";
export type { FailureInfo, ServiceOptions } from "./channel/options.js";
export { implement } from "./implement.js";
export { ClientRequestError } from "./requests/client-requests.js";
export { memoryReplies } from "./requests/memory-replies.js";
export type { Claim, ReplyStore } from "./requests/reply-store.js";
export type { ServedTopic, TopicAnswer, TopicJoinOptions, TopicMembership } from "./topics/served-topic.js";
