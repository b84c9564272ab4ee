import type { Position } from "../engine/engine.js";
import { bad, checkNames, checkOneOf, checkWhole, mostMessages } from "../engine/option-checks.js";
import type { Overflow } from "./backlog.js";
import type { Gap } from "./gap.js";
import type { JoinResult } from "./join-result.js";
import type { Encode } from "./message.js";

/** How a receiver that is too slow is treated, and where a receiver begins. */
export interface ReceiverOptions<Message> {
  /** What happens when the receiver is too slow; `"disconnect"` by default. */
  readonly overflow?: Overflow | undefined;
  /** How many messages may wait for the receiver. */
  readonly max?: number | undefined;
  /** Gives the key of a message, for `"coalesce"` alone: of messages with the same key only the newest matters. */
  readonly key?: ((message: Message) => string) | undefined;
  /** The position of the last message that the receiver has. It gets every message after that. This needs a history. */
  readonly from?: Position | undefined;
  /** Called for each gap, in order with the messages around it. */
  readonly onGap?: ((gap: Gap) => void) | undefined;
}

export interface JoinOptions<Message = unknown> extends ReceiverOptions<Message> {
  /** Who this member is, in `members()`: JSON of at most 1 KiB. A member without it is not listed. */
  readonly as?: unknown;
  /**
   * Makes the text frames that this connection is sent, in place of the bare message. Give the same function to many
   * connections: it is called once per process and message. If it throws, the member is closed with 1011.
   */
  readonly encode?: Encode | undefined;
  /**
   * Used together with `encode`: makes the text that this connection is sent in place of a message that it does not get,
   * because the message was published with `except` for this connection, or does not match the schema. Without this function
   * such a message leaves a hole in the positions. It is called with an empty payload.
   */
  readonly encodeSkipped?: Encode | undefined;
  /**
   * Called at the point where the connection begins, between the messages: after those that it had missed, and before those
   * that are published from then on.
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
 * A copy of a member's `as`, made by JSON.
 *
 * @throws {TypeError} for a value that is no JSON, or more than 1 KiB of it.
 */
export function copyAs(as: unknown): unknown {
  let json: string | undefined;
  try {
    json = JSON.stringify(as);
  } catch {
    // The error follows below.
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
