import { maxTimerDelay } from "@ws/events";
import type { Overflow } from "./backlog.js";
import type { Engine, History, Position } from "./engine.js";
import type { Gap } from "./gap.js";

export interface BroadcastOptions {
  /** `memory()`, `redis({ url })`, `nats({ servers })`: one of its own. */
  readonly engine: Engine;
  /** How long a publish may take, in ms; 5,000 by default. */
  readonly publishTimeout?: number | undefined;
  /** The longest message, in bytes of its JSON; 65,536 by default, at most 1,000,000. */
  readonly maxPayload?: number | undefined;
  /** As many publishes may be under way; above, they are refused. 10,000 by default. */
  readonly maxPendingPublishes?: number | undefined;
  /** What to do where the engine can't be reached at the start: `"fail"`, by default, or `"retry"` until it can. */
  readonly startup?: "fail" | "retry" | undefined;
}

export interface TopicOptions {
  /** Keeps the last `size` messages for `ttl` ms, so that receivers can come back `from` a position. */
  readonly history?: History | undefined;
  /** Sends members `{ message, epoch, sequence }` in place of the bare message, so that they know theirs. */
  readonly positions?: boolean | undefined;
}

export interface PublishOptions {
  /** Gives up: the publish rejects with the signal's reason, and may have been taken. */
  readonly signal?: AbortSignal | undefined;
}

/** How a receiver that is too slow is dealt with, and where it begins. */
export interface ReceiverOptions<Message> {
  /** `"disconnect"` by default. */
  readonly overflow?: Overflow | undefined;
  /** As many messages may wait for it. */
  readonly max?: number | undefined;
  /** With `"coalesce"`, and only there: messages of which only the newest matters have the same key. */
  readonly key?: ((message: Message) => string) | undefined;
  /** The position of the last message that it has: it gets what came after. Needs a history. */
  readonly from?: Position | undefined;
  /** Told between the messages that the gap lies between. */
  readonly onGap?: ((gap: Gap) => void) | undefined;
}

export interface JoinOptions<Message = unknown> extends ReceiverOptions<Message> {
  /** Who this is, in `members()`: JSON of at most 1 KiB. A member without it is not listed. */
  readonly as?: unknown;
}

export interface SubscribeOptions<Message = unknown> extends ReceiverOptions<Message> {
  /** Ends the subscription. */
  readonly signal?: AbortSignal | undefined;
}

/** Options with their defaults. */
export interface BroadcastLimits {
  readonly publishTimeout: number;
  readonly maxPayload: number;
  readonly maxPendingPublishes: number;
  readonly startup: "fail" | "retry";
}

/** As many messages may be kept, or may wait. */
const mostMessages = 1_000_000;
/** The longest `as`, in bytes of its JSON. */
const maxAs = 1_024;

function bad(name: string, expected: string, got: unknown): TypeError {
  const what = typeof got === "object" && got !== null ? "an object" : String(got).slice(0, 64);
  return new TypeError(`${name}: expected ${expected}, got ${what}`);
}

function checkNames(where: string, given: unknown, known: readonly string[]): void {
  if (typeof given !== "object" || given === null) throw bad(where, "an object", given);
  for (const name of Object.keys(given)) {
    if (!known.includes(name)) throw bad(where, known.join(", "), name);
  }
}

function checkWhole(name: string, value: unknown, most: number): void {
  if (Number.isInteger(value) && Number(value) >= 1 && Number(value) <= most) return;
  throw bad(name, `a whole number from 1 to ${most}`, value);
}

function checkOneOf(name: string, value: unknown, known: readonly unknown[]): void {
  if (!known.includes(value)) throw bad(name, `one of ${known.join(", ")}`, value);
}

const broadcastNames = ["engine", "publishTimeout", "maxPayload", "maxPendingPublishes", "startup"];

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

/** @throws {TypeError} */
export function checkTopicOptions(given: TopicOptions): void {
  checkNames("topic", given, ["history", "positions"]);
  if (given.positions !== undefined) checkOneOf("topic.positions", given.positions, [true, false]);
  if (given.history === undefined) return;
  checkNames("topic.history", given.history, ["size", "ttl"]);
  checkWhole("topic.history.size", given.history.size, mostMessages);
  checkWhole("topic.history.ttl", given.history.ttl, maxTimerDelay);
}

const overflows: readonly Overflow[] = ["disconnect", "drop-oldest", "drop-newest", "coalesce"];

function checkFrom(where: string, from: Position, hasHistory: boolean): void {
  const isPosition = typeof from?.epoch === "string" && Number.isSafeInteger(from.sequence);
  if (!isPosition) throw bad(`${where}.from`, "{ epoch, sequence }", from);
  if (!hasHistory) throw bad(`${where}.from`, "a topic with a history", "one without");
}

function checkReceiver(where: string, given: ReceiverOptions<never>, hasHistory: boolean): void {
  const { overflow = "disconnect", max, key, from, onGap } = given;
  checkOneOf(`${where}.overflow`, overflow, overflows);
  if (max !== undefined) checkWhole(`${where}.max`, max, mostMessages);
  const isKeyed = overflow === "coalesce";
  if (isKeyed !== (typeof key === "function")) {
    throw bad(`${where}.key`, isKeyed ? "a function" : `none with "${overflow}"`, key);
  }
  if (from !== undefined) checkFrom(where, from, hasHistory);
  if (onGap !== undefined && typeof onGap !== "function") throw bad(`${where}.onGap`, "a function", onGap);
}

const receiverNames = ["overflow", "max", "key", "from", "onGap"];

/** @throws {TypeError} */
export function checkJoinOptions(given: JoinOptions<never>, hasHistory: boolean): void {
  checkNames("join", given, [...receiverNames, "as"]);
  checkReceiver("join", given, hasHistory);
}

/** @throws {TypeError} */
export function checkSubscribeOptions(given: SubscribeOptions<never>, hasHistory: boolean): void {
  checkNames("subscribe", given, [...receiverNames, "signal"]);
  checkReceiver("subscribe", given, hasHistory);
}

/**
 * A copy of who a member is, as JSON makes it.
 *
 * @throws {TypeError} for what is no JSON, or more than 1 KiB of it.
 */
export function copyAs(as: unknown): unknown {
  let json: string | undefined;
  try {
    json = JSON.stringify(as);
  } catch {
    // Told below.
  }
  if (json === undefined || Buffer.byteLength(json) > maxAs) {
    throw bad(
      "join.as",
      `JSON of at most ${maxAs} bytes`,
      json === undefined ? as : `${json.length} characters`,
    );
  }
  return JSON.parse(json);
}
