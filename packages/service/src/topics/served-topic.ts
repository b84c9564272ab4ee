import type { Connection } from "@ws/connection";
import type { In, Out, TopicSpec } from "@ws/contract";
import type { GapReason, Position } from "@ws/contract/wire";

/** Where a connection begins, as a topic reports it. */
export interface TopicBegin {
  readonly position: Position | undefined;
  readonly recovered: boolean;
}

/** Messages that were not delivered, as a topic reports them. */
export interface TopicGap {
  readonly reason: GapReason;
  readonly missed: number | undefined;
  readonly after: Position | undefined;
}

/** A message, as a topic gives it to the function that makes its frame. */
interface EncodedMessage extends Position {
  readonly payload: string;
}

/** The options of `join` of `@ws/broadcast` that are used here. */
export interface TopicJoinOptions {
  readonly from?: Position | undefined;
  readonly as?: unknown;
  readonly encode: (message: EncodedMessage) => string;
  readonly encodeSkipped: (message: EncodedMessage) => string;
  readonly onGap: (gap: TopicGap) => void;
  readonly onBegin: (begin: TopicBegin) => void;
}

/** A connection's membership in a topic. Call it to leave. */
export interface TopicMembership {
  (): void;
  /** Leaves and is about to come back, so that those who watch the members are not told that it is gone. */
  readonly leaveForNow: () => void;
  /** Rejects where the topic cannot be joined. */
  readonly joined: Promise<unknown>;
}

/** A member of a topic. */
export interface TopicMember {
  readonly id: string;
  readonly process: string;
  readonly as: unknown;
}

/** The members of a topic at first, and then each one that comes or goes. */
export type TopicMembersEvent =
  | { readonly type: "members"; readonly members: readonly TopicMember[] }
  | { readonly type: "joined"; readonly member: TopicMember }
  | {
      readonly type: "left";
      readonly member: TopicMember;
      /** Whether the member left on purpose. Otherwise its connection was lost, and it may come back. */
      readonly onPurpose?: boolean;
    };

/** What a channel needs of a topic. A topic of `@ws/broadcast` has it. */
export interface ServedTopic<Message = unknown> {
  readonly name: string;
  /** The history of the topic; `undefined` where a subscription cannot continue from a position. */
  readonly history: object | undefined;
  join(connection: Connection<unknown>, options: TopicJoinOptions): TopicMembership;
  /** This is never called. Its type tells the compiler which messages the topic has. */
  subscribe(): AsyncIterable<Message>;
  watchMembers(options: { readonly signal: AbortSignal }): AsyncIterable<TopicMembersEvent>;
}

/** A topic together with settings for this subscription. */
export interface TopicGrant<Message = unknown, As = unknown> {
  readonly topic: ServedTopic<Message>;
  /** Who the subscriber is, for the list of members. Without it the subscriber is not listed. */
  readonly as?: As | undefined;
  /** Ends the subscription when it is aborted. The client is told that the subscription was revoked. */
  readonly until?: AbortSignal | undefined;
}

/** The result of a topic's handler: the topic; a topic with settings; or nothing, where the client may not subscribe. */
export type TopicAnswer<Spec extends TopicSpec = TopicSpec> =
  | ServedTopic<Out<Spec["message"]>>
  | TopicGrant<Out<Spec["message"]>, In<Spec["presence"]>>
  | null
  | undefined;

function isTopic(answer: object): answer is ServedTopic {
  return typeof (answer as Partial<ServedTopic>).join === "function";
}

/**
 * The result of a handler in its long form; `undefined` where the client may not subscribe. @throws {TypeError} for any
 * other value.
 */
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
