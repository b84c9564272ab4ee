import type { Connection } from "@ws/connection";
import type { ReceiverCounters } from "../receivers/counters.js";
import type { JoinResult } from "../receivers/join-result.js";
import type { Member } from "./member.js";

/** A connection's stay in a topic: call it to leave. It leaves by itself when the connection ends. */
export interface Membership {
  (): void;
  /** Leaves for a moment: those who watch the members are told that it may come back. */
  readonly leaveForNow: () => void;
  /**
   * Resolves when it gets messages, and has those that it missed. Rejects where the server refuses the topic, with its
   * reason: then the membership stays, and the topic is tried until the server takes it. Nobody needs to await it.
   */
  readonly joined: Promise<JoinResult>;
  readonly counters: ReceiverCounters;
}

const members = new WeakMap<object, Member>();

export function makeMembership(member: Member, joined: Promise<JoinResult>): Membership {
  const membership = Object.assign(() => member.leave(true), {
    leaveForNow: () => member.leave(false),
    joined,
    counters: member.counters,
  });
  members.set(membership, member);
  return membership;
}

/** The member of what `makeMembership` gave. */
export function memberBehind(membership: Membership): Member {
  return members.get(membership) as Member;
}

function isConnection(value: unknown): value is Connection<unknown> {
  return (value as Connection<unknown> | null)?.signal instanceof AbortSignal;
}

/**
 * The member that a connection or a membership is; `undefined` for a connection that is none of that topic.
 *
 * @throws {TypeError} for anything else.
 */
export function memberOf(given: unknown, memberships: ReadonlyMap<object, Membership>): Member | undefined {
  if (typeof given === "function" && members.has(given)) return members.get(given);
  if (isConnection(given)) return members.get(memberships.get(given) ?? given);
  throw new TypeError(
    `publish.except: expected a connection or what join gave, got ${given === null ? "null" : typeof given}.` +
      " Likely mistake: a typed connection, whose `connection` is meant.",
  );
}
