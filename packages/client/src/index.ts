/**
 * The client of a channel (`@ws/contract`) for browsers: it reconnects, sends messages, repeats requests only as their
 * contract allows, and resumes topics where they were or reports what is missing. It runs wherever there is a `WebSocket`.
 *
 * @module
 */
export type { Client, RequestArguments, RequestOptions, SendOptions } from "./channel/client.js";
export { createClient } from "./channel/create-client.js";
export { type Gap, GapError } from "./channel/gap.js";
export type { ClientOptions, TokenContext } from "./channel/options.js";
export { type DeclaredError, RequestError } from "./channel/request-error.js";
export type { CallbackOptions, SubscribeOptions, Subscription } from "./channel/subscription.js";
export type { Member, PresenceChange } from "./channel/topic.js";
export { ClientError, type Problem } from "./link/client-error.js";
export type { Linked } from "./link/line.js";
export type { Address, LinkOptions, OutboxLimits, PostOptions } from "./link/options.js";
export type { Down, State } from "./link/state.js";
export type { Data, WebSocketConstructor, WebSocketLike } from "./link/web-socket.js";
