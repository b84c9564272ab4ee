import { type Position, parsePosition, type WireGap, type WireMember } from "@ws/contract/wire";
import type { Wire } from "../link/wire.js";
import type { Gap } from "./gap.js";

/** What the subscriptions of a topic are given: a message with its position, or a gap. */
export type Item =
  | { readonly at: string; readonly data: unknown; readonly gap?: never }
  | { readonly gap: Gap };

/** A member of the topic. */
export interface Member<P = unknown> {
  readonly id: string;
  readonly as: P;
}

/** The members that came and went. */
export interface PresenceChange<P = unknown> {
  readonly joined: readonly Member<P>[];
  readonly left: readonly Member<P>[];
}

/** One of the subscriptions that share a membership. */
export interface Subscriber {
  /** Whether it can take no more messages for now. */
  isFull(): boolean;
  push(item: Item): void;
  present(change: PresenceChange): void;
  begun(at: string | null | undefined, recovered: boolean): void;
  /** Whether nothing more comes. */
  end(error?: Error): void;
}

/** The client's membership in a topic: its position, and the subscriptions that share it. */
export interface Topic {
  readonly name: string;
  subscribers: Subscriber[];
  /** The members; made when they are first asked for. */
  members?: Map<string, unknown>;
  withPresence?: boolean | undefined;
  /** The last position, as text and parsed. */
  at?: string | undefined;
  position?: Position | undefined;
  /** Whether a gap was already reported, so that the next jump is expected. */
  isTold?: boolean;
  /** The connection over which the topic is joined, being joined or being left. */
  wire?: Wire | undefined;
  /** The connection before that. Its messages are accepted until the new connection has taken over. */
  old?: Wire | undefined;
  /** How often joining was requested. Only the last answer counts. */
  joins?: number;
  isJoined?: boolean;
  isLeaving?: boolean;
  isPaused?: boolean;
  /** Known from the first reply on. */
  isResumable?: boolean;
}

const mostMembers = 1_000;

export function membersOf(topic: Topic): Map<string, unknown> {
  topic.members ??= new Map();
  return topic.members;
}

/** Reports that messages are missing after the last one. */
export function tellGap(topic: Topic, reason: WireGap["reason"], missed?: number | null): void {
  topic.isTold = true;
  for (const subscriber of topic.subscribers) {
    subscriber.push({ gap: { reason, missed: missed ?? undefined, after: topic.at } });
  }
}

/**
 * Moves the membership to a position: that of the next message (`step` 1), or the current position of the topic (`step` 0).
 * An unexpected jump is a gap. It returns `false` for a position that was passed already, and for an invalid one.
 */
export function move(topic: Topic, at: string, step: number): boolean {
  const next = parsePosition(`${at}`);
  if (!next) return false;
  const { position } = topic;
  if (position?.epoch === next.epoch) {
    const ahead = next.sequence - position.sequence;
    if (ahead < 1) return false;
    if (ahead > step && !topic.isTold) tellGap(topic, "lost", ahead - step);
    // Where a topic keeps no history, each publishing process may count by itself, with its own epoch.
  } else if (position && !topic.isTold && topic.isResumable !== false) tellGap(topic, "epoch");
  topic.isTold = false;
  topic.position = next;
  topic.at = at;
  return true;
}

/** Updates the list of members with a whole list or with changes. Subscriptions are told only the difference. */
export function present(
  topic: Topic,
  change: {
    readonly members?: readonly WireMember[];
    readonly joined?: readonly WireMember[];
    readonly left?: readonly string[];
  },
): void {
  const members = membersOf(topic);
  const whole = change.members && new Set(change.members.map(({ id }) => id));
  const gone = whole ? [...members.keys()].filter((id) => !whole.has(id)) : (change.left ?? []);
  const left = gone.filter((id) => members.has(id)).map((id) => ({ id, as: members.get(id) }));
  for (const { id } of left) members.delete(id);
  const joined = (change.members ?? change.joined ?? []).filter(({ id }) => !members.has(id));
  for (const { id, as } of joined) if (members.size < mostMembers) members.set(id, as);
  if (joined.length + left.length) {
    for (const subscriber of topic.subscribers) subscriber.present({ joined, left });
  }
}
