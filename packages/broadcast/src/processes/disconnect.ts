import { isSendableCloseCode, maxReasonBytes, maxTimerDelay } from "@ws/events";
import type { Presence } from "../engine/engine.js";
import type { Control } from "./control.js";
import type { Target } from "./control-message.js";

export interface DisconnectOptions {
  /** The close code, RFC 6455 §7.4; 1008 by default. */
  readonly code?: number | undefined;
  /** The reason, at most 123 bytes of UTF-8; empty by default. */
  readonly reason?: string | undefined;
  /** How long the other processes may take to answer, in ms; 5,000 by default. */
  readonly timeout?: number | undefined;
}

/** The result of a disconnect. */
export interface Disconnected {
  /** How many members were disconnected, in all processes that answered. */
  readonly disconnected: number;
  /** How many processes answered. */
  readonly processes: number;
  /** Whether every process that is known to be there answered. If not, some of the members may still be connected. */
  readonly isComplete: boolean;
}

/**
 * Whom to disconnect: the `as` that members joined with, or a function that decides for each member, whether it joined with
 * an `as` or not.
 */
export type Who = ((member: Presence) => boolean) | string | number | boolean | object;

const names = ["code", "reason", "timeout"];

/** @throws {TypeError} */
function check(who: unknown, { code, reason, timeout, ...rest }: DisconnectOptions): void {
  const bad = (name: string, expected: string, got: unknown): TypeError =>
    new TypeError(`disconnect${name}: expected ${expected}, got ${String(got).slice(0, 64)}`);
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined) throw bad("", names.join(", "), unknown);
  if (who === undefined || who === null) throw bad("", "a function, or an `as`", who);
  if (code !== undefined && !isSendableCloseCode(code))
    throw bad(".code", "a close code that may be sent", code);
  const isReason =
    reason === undefined || (typeof reason === "string" && Buffer.byteLength(reason) <= maxReasonBytes);
  if (!isReason) throw bad(".reason", `at most ${maxReasonBytes} bytes`, reason);
  const isTime =
    timeout === undefined || (Number.isInteger(timeout) && timeout >= 1 && timeout <= maxTimerDelay);
  if (!isTime) throw bad(".timeout", `a whole number from 1 to ${maxTimerDelay}`, timeout);
}

/**
 * The members that a function chooses, by process. The function is called in this process, for the members of all processes.
 */
function chosen(members: readonly Presence[], isMeant: (member: Presence) => boolean): Target {
  const ids: Record<string, string[]> = {};
  for (const member of members) {
    if (!isMeant(member)) continue;
    ids[member.process] ??= [];
    ids[member.process]?.push(member.id);
  }
  return { ids };
}

/**
 * Ends the connections of members in every process; in every topic where `topic` is `null`.
 *
 * @throws {TypeError} for an invalid option.
 * @throws {BroadcastError} where the engine is down.
 */
export async function disconnect(
  control: Control,
  topic: string | null,
  who: Who,
  options: DisconnectOptions,
): Promise<Disconnected> {
  check(who, options);
  const { code = 1008, reason = "", timeout = 5_000 } = options;
  const deadline = performance.now() + timeout;
  let target: Target = { as: who };
  let wereAllAsked = true;
  if (typeof who === "function") {
    const { members, isComplete } = await control.ask({ kind: "list", topic }, timeout);
    target = chosen(members, who as (member: Presence) => boolean);
    wereAllAsked = isComplete;
  }
  const left = Math.max(1, deadline - performance.now());
  const answers = await control.ask({ kind: "end", topic, target, code, reason }, left);
  const { count: disconnected, processes } = answers;
  return { disconnected, processes, isComplete: wereAllAsked && answers.isComplete };
}
