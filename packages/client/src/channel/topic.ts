import { type Position, parsePosition, type WireGap, type WireMember } from "@ws/contract/wire";
import type { Wire } from "../link/wire.js";
import type { Gap } from "./gap.js";

/** What reaches the subscriptions of a topic: a message with its position, or a gap. */
export type Item =
  | { readonly at: string; readonly data: unknown; readonly gap?: never }
  | { readonly gap: Gap };

/** One who is there. */
export interface Member<P = unknown> {
  readonly id: string;
  readonly as: P;
}

/** Who came and who went. */
export interface PresenceChange<P = unknown> {
  readonly joined: readonly Member<P>[];
  readonly left: readonly Member<P>[];
}

/** One of those who share a membership. */
export interface Subscriber {
  /** Whether it can take no more for now. */
  isFull(): boolean;
  push(item: Item): void;
  present(change: PresenceChange): void;
  begun(at: string | null | undefined, recovered: boolean): void;
  /** Nothing more comes. */
  end(error?: Error): void;
}

/** The client's membership in a topic: where it stands in it, and who shares it. */
export interface Topic {
  readonly name: string;
  subscribers: Subscriber[];
  /** Who is there; made for the first who asks. */
  members?: Map<string, unknown>;
  withPresence?: boolean | undefined;
  /** The last position, as it travelled, and read. */
  at?: string | undefined;
  position?: Position | undefined;
  /** A gap has been told, so the next jump is no news. */
  isTold?: boolean;
  /** The connection over which it is joined, being joined or being left. */
  wire?: Wire | undefined;
  /** The connection before that, whose messages are as good until the new one has taken over. */
  old?: Wire | undefined;
  /** How often it was asked to be joined: the answer to the last time counts. */
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

/** Tells that messages are missing behind what came last. */
export function tellGap(topic: Topic, reason: WireGap["reason"], missed?: number | null): void {
  topic.isTold = true;
  for (const subscriber of topic.subscribers) {
    subscriber.push({ gap: { reason, missed: missed ?? undefined, after: topic.at } });
  }
}

/**
 * Moves the membership to a position: that of the next message (`step` 1), or the one at which the topic stands (`step` 0). A jump
 * that nobody told is a gap. Gives `false` for a position that has been passed already, and for what is none.
 */
export function move(topic: Topic, at: string, step: number): boolean {
  const next = parsePosition(`${at}`);
  if (!next) return false;
  const { position } = topic;
  if (position?.epoch === next.epoch) {
    const ahead = next.sequence - position.sequence;
    if (ahead < 1) return false;
    if (ahead > step && !topic.isTold) tellGap(topic, "lost", ahead - step);
    // Where a topic keeps nothing, each process that publishes may count for itself, by an epoch of its own.
  } else if (position && !topic.isTold && topic.isResumable !== false) tellGap(topic, "epoch");
  topic.isTold = false;
  topic.position = next;
  topic.at = at;
  return true;
}

/** Brings the list of members up to date: a whole list, or what changed. Subscribers are told the difference alone. */
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
