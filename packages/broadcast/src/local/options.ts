import type { Connection } from "@ws/connection";
import { maxTimerDelay } from "@ws/events";
import type { Engine, History } from "../engine/engine.js";
import { bad, checkNames, checkOneOf, checkWhole, mostMessages } from "../engine/option-checks.js";
import type { Membership } from "../members/membership.js";

export interface BroadcastOptions {
  /** The engine: `memory()`, `redis({ url })` or `nats({ servers })`. Each broadcast needs its own. */
  readonly engine: Engine;
  /** How long a publish may take, in ms; 5,000 by default. */
  readonly publishTimeout?: number | undefined;
  /** The longest message, in bytes of its JSON; 65,536 by default, at most 1,000,000. */
  readonly maxPayload?: number | undefined;
  /** How many publishes may be under way; more are refused. 10,000 by default. */
  readonly maxPendingPublishes?: number | undefined;
  /**
   * How often the engine is asked for the positions of topics, in ms; 5,000 by default. The loss of a topic's last message
   * is noticed within twice that time, for up to 1,000 topics in use; with more topics it takes proportionally longer.
   */
  readonly headInterval?: number | undefined;
  /** What to do where the engine cannot be reached at the start: `"fail"`, the default, or `"retry"` until it can. */
  readonly startup?: "fail" | "retry" | undefined;
}

export interface TopicOptions {
  /** Keeps the last `size` messages for `ttl` ms, so that receivers can continue `from` a position. */
  readonly history?: History | undefined;
  /** Sends members `{ message, epoch, sequence }` in place of the bare message, so that they know their position. */
  readonly positions?: boolean | undefined;
}

export interface PublishOptions {
  /** Ends the wait: the publish rejects with the signal's reason. The engine may have accepted the message. */
  readonly signal?: AbortSignal | undefined;
  /** A connection, or what `join` returned, that does not get the message. All others get it, in every process. */
  readonly except?: Connection<unknown> | Membership | undefined;
  /**
   * 1 to 128 printable characters of ASCII. For two minutes, a second publish with the same key on the topic sends nothing,
   * and resolves with the position of the first one. Over NATS without a history this holds only within this process.
   */
  readonly idempotencyKey?: string | undefined;
}

/** The options with their defaults filled in. */
export interface BroadcastLimits {
  readonly publishTimeout: number;
  readonly maxPayload: number;
  readonly maxPendingPublishes: number;
  readonly startup: "fail" | "retry";
}

const broadcastNames = [
  "engine",
  "publishTimeout",
  "maxPayload",
  "maxPendingPublishes",
  "headInterval",
  "startup",
];

/** @throws {TypeError} for a name that is no option, or a value out of range. */
export function resolveOptions(given: BroadcastOptions): BroadcastLimits & { readonly engine: Engine } {
  checkNames("options", given, broadcastNames);
  const { engine, publishTimeout = 5_000, maxPayload = 65_536, maxPendingPublishes = 10_000 } = given;
  const { startup = "fail" } = given;
  if (typeof engine?.publish !== "function")
    throw bad("options.engine", "memory(), redis() or nats()", engine);
  checkWhole("options.publishTimeout", publishTimeout, maxTimerDelay);
  checkWhole("options.maxPayload", maxPayload, 1_000_000);
  checkWhole("options.maxPendingPublishes", maxPendingPublishes, mostMessages);
  checkOneOf("options.startup", startup, ["fail", "retry"]);
  return { engine, publishTimeout, maxPayload, maxPendingPublishes, startup };
}

/** @throws {TypeError} for a value out of range. */
export function resolveHeadInterval({ headInterval = 5_000 }: BroadcastOptions): number {
  checkWhole("options.headInterval", headInterval, maxTimerDelay);
  return headInterval;
}

/** @throws {TypeError} */
export function checkTopicOptions(given: TopicOptions): void {
  checkNames("topic", given, ["history", "positions"]);
  if (given.positions !== undefined) checkOneOf("topic.positions", given.positions, [true, false]);
  if (given.history === undefined) return;
  checkNames("topic.history", given.history, ["size", "ttl"]);
  checkWhole("topic.history.size", given.history.size, mostMessages);
  checkWhole("topic.history.ttl", given.history.ttl, maxTimerDelay);
}

/** @throws {TypeError} for an unknown option, or an invalid value; `except` is checked where it is used. */
export function checkPublishOptions(given: PublishOptions): void {
  checkNames("publish", given, ["signal", "except", "idempotencyKey"]);
  const { signal, idempotencyKey: key } = given;
  if (signal !== undefined && !(signal instanceof AbortSignal))
    throw bad("publish.signal", "an AbortSignal", signal);
  if (key === undefined || (typeof key === "string" && /^[!-~]{1,128}$/.test(key))) return;
  throw bad("publish.idempotencyKey", "1 to 128 printable characters of ASCII", key);
}
