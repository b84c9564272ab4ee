import type { Position } from "../engine/engine.js";
import { bad, checkNames, checkOneOf, checkWhole, mostMessages } from "../engine/option-checks.js";
import type { Overflow } from "./backlog.js";
import type { Gap } from "./gap.js";
import type { JoinResult } from "./join-result.js";
import type { Encode } from "./message.js";

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
  /**
   * Makes the text frames that this connection is sent, in place of the bare message. Give many the same function: it is
   * called once per process and message. One that throws ends the member with 1011.
   */
  readonly encode?: Encode | undefined;
  /**
   * With `encode`, makes the text that this connection is sent in place of a message that it does not get: one that was
   * published with `except` for it, or that is against the schema. Without it such a message is a hole in the positions.
   * It is called with an empty payload.
   */
  readonly encodeSkipped?: Encode | undefined;
  /**
   * Told where the connection begins, between the messages: after those that it missed, and before what is published from
   * then on.
   */
  readonly onBegin?: ((joined: JoinResult) => void) | undefined;
}

export interface SubscribeOptions<Message = unknown> extends ReceiverOptions<Message> {
  /** Ends the subscription. */
  readonly signal?: AbortSignal | undefined;
}

/** The longest `as`, in bytes of its JSON. */
const maxAs = 1_024;

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

const functionNames = ["encode", "encodeSkipped", "onBegin"] as const;

/** @throws {TypeError} */
export function checkJoinOptions(given: JoinOptions<never>, hasHistory: boolean): void {
  checkNames("join", given, [...receiverNames, "as", ...functionNames]);
  for (const name of functionNames) {
    const value = given[name];
    if (value !== undefined && typeof value !== "function") throw bad(`join.${name}`, "a function", value);
  }
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
