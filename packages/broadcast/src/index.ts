export type { Overflow } from "./backlog.js";
export type { Joined } from "./beginning.js";
export { Broadcast, createBroadcast } from "./broadcast.js";
export { BroadcastError, type BroadcastErrorCode } from "./broadcast-error.js";
export type { Counters, ReceiverCounters } from "./counters.js";
export type {
  Delivery,
  Engine,
  EngineListener,
  History,
  Past,
  Position,
  Presence,
} from "./engine.js";
export type { BroadcastEvents, EngineEvent, PoisonedEvent } from "./events.js";
export type { Gap, GapReason } from "./gap.js";
export { memory } from "./memory.js";
export type {
  BroadcastOptions,
  JoinOptions,
  PublishOptions,
  ReceiverOptions,
  SubscribeOptions,
  TopicOptions,
} from "./options.js";
export type { Subscription } from "./subscription.js";
export type { Membership, Topic } from "./topic.js";
