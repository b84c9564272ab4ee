import type { Connection, InferInput, InferOutput, Schema } from "@ws/connection";
import { ProtocolError, trackPromise } from "@ws/events";
import { abortable } from "../engine/abortable.js";
import type { History, Position, Presence } from "../engine/engine.js";
import { begin } from "../local/join.js";
import type { LocalTopic } from "../local/local-topic.js";
import type { PublishOptions } from "../local/options.js";
import { reportUntaken } from "../local/untaken-call.js";
import { Member } from "../members/member.js";
import { type Membership, makeMembership } from "../members/membership.js";
import { type Disconnected, type DisconnectOptions, disconnect, type Who } from "../processes/disconnect.js";
import { type MembersEvent, watchMembers } from "../processes/members-watch.js";
import type { Counters } from "../receivers/counters.js";
import {
  checkJoinOptions,
  checkSubscribeOptions,
  copyAs,
  type JoinOptions,
  type SubscribeOptions,
} from "../receivers/options.js";
import { Subscription } from "../receivers/subscription.js";
import { SubscriptionQueue } from "../receivers/subscription-queue.js";
import { announce } from "./presence.js";

export type { Membership } from "../members/membership.js";

/** The options of a call without options; one object for all calls. */
const byDefault = {};

/** A topic, with one schema. Made by `broadcast.topic`. */
export class Topic<S extends Schema> {
  readonly name: string;
  readonly #schema: S;
  readonly #local: LocalTopic;
  readonly #positions: boolean;

  constructor(local: LocalTopic, schema: S, positions: boolean) {
    this.name = local.name;
    this.#local = local;
    this.#schema = schema;
    this.#positions = positions;
  }

  /** How much of the topic is kept, so that receivers can continue `from` a position; `undefined` where nothing is kept. */
  get history(): History | undefined {
    return this.#local.history;
  }

  /** The counters of this topic in this process, for all schemas together. */
  get counters(): Counters {
    return this.#local.tally;
  }

  /**
   * Resolves with the message's position when the engine has accepted it; it is not known whether anybody got it. Messages
   * are sent in the order of the calls, and a failed publish is not repeated. It need not be awaited: then a mistake of the
   * application is reported by the event `failed`, and there is no unhandled rejection.
   *
   * @throws {ProtocolError} `ERR_WS_EVENT_INVALID` for a message that does not match the schema.
   * @throws {TypeError} for a message that JSON cannot represent, or an invalid option.
   * @throws {BroadcastError} `ERR_WS_PAYLOAD_TOO_LARGE`; `ERR_WS_PUBLISH_OVERFLOW`; `ERR_WS_PUBLISH_TIMEOUT`, even where the
   *   engine may have accepted the message; `ERR_WS_ENGINE_DOWN`; `ERR_WS_ENGINE_UNREACHABLE`; `ERR_WS_BROADCAST_CLOSED`.
   */
  publish(message: InferInput<S>, options?: PublishOptions): Promise<Position> {
    return this.#local.publisher.publish(this.#schema, message, options);
  }

  /**
   * Sends every message that is published from now on to the connection, as a text frame. A connection that has ended leaves
   * at once. A connection that is a member already stays so with its first options: the same membership is returned.
   *
   * @throws {TypeError} for an invalid option.
   * @throws {ProtocolError} `ERR_WS_EVENT_ORDER` for a connection that was not accepted.
   * @throws {BroadcastError} `ERR_WS_BROADCAST_CLOSED`, `ERR_WS_ENGINE_UNREACHABLE`.
   */
  join(connection: Connection<unknown>, options: JoinOptions<InferOutput<S>> = byDefault): Membership {
    const local = this.#local;
    checkJoinOptions(options, local.history !== undefined);
    const as = options.as === undefined ? undefined : copyAs(options.as);
    this.#checkOpen();
    checkAccepted(connection);
    const known = local.memberships.get(connection);
    if (known !== undefined) return known;
    const group = local.open(this.#schema);
    const { shared, memberships } = local;
    shared.count.members += 1;
    const member = new Member(
      shared.count.members,
      connection,
      { ...options, as },
      group.context(this.#positions),
    );
    group.addMember(member);
    const unlist = as === undefined || connection.signal.aborted ? () => {} : announce(local, member.id, as);
    member.onLeave = (onPurpose) => {
      memberships.delete(connection);
      unlist(onPurpose);
    };
    if (connection.signal.aborted) member.leave(false);
    const membership = makeMembership(member, begin(local, group, member, options.from, options.onBegin));
    if (!member.isGone) memberships.set(connection, membership);
    return membership;
  }

  /**
   * Every message that is published from now on, for `for await`. All iterations get the same message object.
   *
   * @throws {TypeError} for an invalid option.
   * @throws {BroadcastError} `ERR_WS_BROADCAST_CLOSED`, `ERR_WS_ENGINE_UNREACHABLE`.
   */
  subscribe(options: SubscribeOptions<InferOutput<S>> = {}): Subscription<InferOutput<S>> {
    const local = this.#local;
    checkSubscribeOptions(options, local.history !== undefined);
    this.#checkOpen();
    const group = local.open(this.#schema);
    const { name: topic, tally } = local;
    const queue = new SubscriptionQueue({ topic, options, tally, onLeave: group.queueLeft });
    group.addQueue(queue);
    if (options.signal?.aborted) queue.stop();
    begin(local, group, queue, options.from).catch((error: Error) => queue.end(error));
    return new Subscription(queue);
  }

  /**
   * The members that joined with an `as`, of all processes.
   *
   * @throws {BroadcastError} as `publish`.
   */
  members(): Promise<readonly Presence[]> {
    const { events } = this.#local.shared;
    return trackPromise(this.#members(), "members", (call) => reportUntaken(events, this.name, call));
  }

  async #members(): Promise<readonly Presence[]> {
    const { link, deadlines } = this.#local.shared;
    if (link.error !== undefined) throw link.error;
    const { signal } = deadlines;
    await abortable(link.whenUp(), signal);
    return await link.engine.members(this.name, signal);
  }

  /**
   * The members that joined with an `as`, and then each one that comes or goes, of all processes: first an event `members`,
   * then `joined` and `left`. The members of a process that was killed have left within 20 s. It ends with its signal and
   * with the broadcast.
   *
   * @throws {BroadcastError} as `members`, from the first `next`.
   */
  watchMembers({ signal }: { readonly signal?: AbortSignal } = {}): AsyncGenerator<MembersEvent, undefined> {
    const { control, link } = this.#local.shared;
    const signals = signal === undefined ? [link.signal] : [link.signal, signal];
    return watchMembers({ topic: this.name, control, signals, list: () => this.members() });
  }

  /**
   * Ends the connections of members, in every process: `disconnect("ann")` those that joined with that `as`,
   * `disconnect((member) => …)` those that the function chooses; it is called for all members, with or without an `as`.
   *
   * @throws {TypeError} for an invalid option.
   * @throws {BroadcastError} where the engine is down.
   */
  disconnect(who: Who, options: DisconnectOptions = {}): Promise<Disconnected> {
    return disconnect(this.#local.shared.control, this.name, who, options);
  }

  #checkOpen(): void {
    const { link } = this.#local.shared;
    if (link.isOver) throw link.error;
  }
}

function checkAccepted({ applicationState: state }: Connection<unknown>): void {
  if (state !== "connecting" && state !== "denying") return;
  throw new ProtocolError(
    "ERR_WS_EVENT_ORDER",
    `join: expected a connection that was accepted, got one that is ${state}.` +
      " Likely mistake: await accept() first.",
  );
}
