import type { Connection } from "@ws/connection";
import type { ReceiverCounters } from "../receivers/counters.js";
import type { JoinResult } from "../receivers/join-result.js";
import type { Member } from "./member.js";

/** A connection's membership in a topic. Call it to leave. It ends by itself when the connection ends. */
export interface Membership {
  (): void;
  /** Leaves, and tells those who watch the members that this one may come back. */
  readonly leaveForNow: () => void;
  /**
   * Resolves when the member gets messages and has those that it had missed. It rejects with the server's reason where the
   * server refuses the topic; then the membership stays, and the topic is tried until the server accepts it. Nobody needs to
   * await it.
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

/** The member of a membership that `makeMembership` made. */
export function memberBehind(membership: Membership): Member {
  return members.get(membership) as Member;
}

function isConnection(value: unknown): value is Connection<unknown> {
  return (value as Connection<unknown> | null)?.signal instanceof AbortSignal;
}

/**
 * The member of a connection or a membership; `undefined` for a connection that is no member of that topic.
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
