export { BroadcastError, type BroadcastErrorCode } from "./engine/broadcast-error.js";
export type {
  Delivery,
  Engine,
  EngineListener,
  History,
  Past,
  Position,
  Presence,
} from "./engine/engine.js";
export { type MemoryOptions, memory } from "./engines/memory/engine.js";
export type { BroadcastEvents, EngineEvent, FailedEvent, PoisonedEvent } from "./local/events.js";
export type { BroadcastOptions, PublishOptions, TopicOptions } from "./local/options.js";
export type { Membership } from "./members/membership.js";
export type { Disconnected, DisconnectOptions, Who } from "./processes/disconnect.js";
export type { MembersEvent } from "./processes/members-watch.js";
export type { Overflow } from "./receivers/backlog.js";
export type { Counters, ReceiverCounters } from "./receivers/counters.js";
export type { Gap, GapReason } from "./receivers/gap.js";
export type { JoinResult } from "./receivers/join-result.js";
export type { Encode } from "./receivers/message.js";
export type { JoinOptions, ReceiverOptions, SubscribeOptions } from "./receivers/options.js";
export type { Subscription } from "./receivers/subscription.js";
export { Broadcast, createBroadcast } from "./topic/broadcast.js";
export type { Topic } from "./topic/topic.js";
