import type { Connection } from "@ws/connection";
import type { In, Out, TopicSpec } from "@ws/contract";
import type { GapReason, Position } from "@ws/contract/wire";

/** Where a connection begins, as a topic tells it. */
export interface TopicBegin {
  readonly position: Position | undefined;
  readonly recovered: boolean;
}

/** Messages that were not delivered, as a topic tells them. */
export interface TopicGap {
  readonly reason: GapReason;
  readonly missed: number | undefined;
  readonly after: Position | undefined;
}

/** A message, as a topic gives it to whoever makes its frame. */
interface EncodedMessage extends Position {
  readonly payload: string;
}

/** How a connection joins a topic: the options of `join` of `@ws/broadcast` that are used here. */
export interface TopicJoinOptions {
  readonly from?: Position | undefined;
  readonly as?: unknown;
  readonly encode: (message: EncodedMessage) => string;
  readonly encodeSkipped: (message: EncodedMessage) => string;
  readonly onGap: (gap: TopicGap) => void;
  readonly onBegin: (begin: TopicBegin) => void;
}

/** A connection's stay in a topic: call it to leave. */
export interface TopicMembership {
  (): void;
  /** Leaves for a moment, so that those who watch the members don't take it for gone. */
  readonly leaveForNow: () => void;
  /** Rejects where the topic can't be joined. */
  readonly joined: Promise<unknown>;
}

/** One who joined a topic. */
export interface TopicMember {
  readonly id: string;
  readonly process: string;
  readonly as: unknown;
}

/** Who is there, and then who came and went since. */
export type TopicMembersEvent =
  | { readonly type: "members"; readonly members: readonly TopicMember[] }
  | { readonly type: "joined"; readonly member: TopicMember }
  | {
      readonly type: "left";
      readonly member: TopicMember;
      /** Whether it did so on purpose; else its connection was lost, and may come back. */
      readonly onPurpose?: boolean;
    };

/** What a channel needs of a topic. One of `@ws/broadcast` is one. */
export interface ServedTopic<Message = unknown> {
  readonly name: string;
  /** What is kept of it; with `undefined` nobody can come back from a position. */
  readonly history: object | undefined;
  join(connection: Connection<unknown>, options: TopicJoinOptions): TopicMembership;
  /** It is never called: by it the compiler knows which messages the topic has. */
  subscribe(): AsyncIterable<Message>;
  watchMembers(options: { readonly signal: AbortSignal }): AsyncIterable<TopicMembersEvent>;
}

/** A topic with what goes with this one's subscription. */
export interface TopicGrant<Message = unknown, As = unknown> {
  readonly topic: ServedTopic<Message>;
  /** Who the subscriber is, for those who ask who is there. Without it he is not listed. */
  readonly as?: As | undefined;
  /** Ends the subscription when it is aborted: the client is told that it was revoked. */
  readonly until?: AbortSignal | undefined;
}

/** What a topic's handler gives: the topic; that and more; or nothing, where the client may not have it. */
export type TopicAnswer<Spec extends TopicSpec = TopicSpec> =
  | ServedTopic<Out<Spec["message"]>>
  | TopicGrant<Out<Spec["message"]>, In<Spec["presence"]>>
  | null
  | undefined;

function isTopic(answer: object): answer is ServedTopic {
  return typeof (answer as Partial<ServedTopic>).join === "function";
}

/** What a handler gave, in its long form; `undefined` where the client may not have it. @throws {TypeError} for anything else. */
export function readAnswer(pattern: string, answer: unknown): TopicGrant | undefined {
  if (answer === undefined || answer === null) return undefined;
  if (typeof answer === "object") {
    if (isTopic(answer)) return { topic: answer };
    const { topic } = answer as Partial<TopicGrant>;
    if (typeof topic === "object" && topic !== null && isTopic(topic)) return answer as TopicGrant;
  }
  throw new TypeError(
    `topics[${JSON.stringify(pattern)}]: expected a topic, { topic, as, until } or undefined, got ${typeof answer}.` +
      " Likely mistake: a publish in place of the topic.",
  );
}
