import type { Connection, InferInput, InferOutput, Schema } from "@ws/connection";
import { ProtocolError } from "@ws/events";
import { abortable } from "./abortable.js";
import { begin, type Joined } from "./beginning.js";
import type { Counters, ReceiverCounters } from "./counters.js";
import type { Position, Presence } from "./engine.js";
import type { Hub } from "./hub.js";
import { Member } from "./member.js";
import {
  checkJoinOptions,
  checkSubscribeOptions,
  copyAs,
  type JoinOptions,
  type PublishOptions,
  type SubscribeOptions,
} from "./options.js";
import { announce } from "./presence.js";
import { Reader } from "./reader.js";
import { Subscription } from "./subscription.js";

/** A connection's stay in a topic: call it to leave. It leaves by itself when the connection ends. */
export interface Membership {
  (): void;
  /** Resolves when it gets messages, and has those that it missed. Never rejects. */
  readonly joined: Promise<Joined>;
  readonly counters: ReceiverCounters;
}

/** One for all who say nothing. */
const byDefault = {};

/** A topic, as those who have its schema see it. Made by `broadcast.topic`. */
export class Topic<S extends Schema> {
  readonly name: string;
  readonly #schema: S;
  readonly #hub: Hub;
  readonly #positions: boolean;

  constructor(hub: Hub, schema: S, positions: boolean) {
    this.name = hub.name;
    this.#hub = hub;
    this.#schema = schema;
    this.#positions = positions;
  }

  /** Of this topic in this process, whatever the schema. */
  get counters(): Counters {
    return this.#hub.tally;
  }

  /**
   * Resolves, with its position, when the engine has taken the message; whether anybody got it is not known. The order
   * is that of the calls. What fails is not tried again. It need not be awaited: that the engine is down is then no
   * unhandled rejection.
   *
   * @throws {ProtocolError} `ERR_WS_EVENT_INVALID` for a message against the schema.
   * @throws {TypeError} for a message that JSON can't hold.
   * @throws {BroadcastError} `ERR_WS_PAYLOAD_TOO_LARGE`; `ERR_WS_PUBLISH_OVERFLOW`; `ERR_WS_PUBLISH_TIMEOUT`, also where
   *   it may have been taken; `ERR_WS_ENGINE_DOWN`; `ERR_WS_ENGINE_UNREACHABLE`; `ERR_WS_BROADCAST_CLOSED`.
   */
  publish(message: InferInput<S>, options: PublishOptions = {}): Promise<Position> {
    return this.#hub.publisher.publish(this.#schema, message, options.signal);
  }

  /**
   * Sends every message that is published from now on to the connection, as a text frame. One that has ended leaves at
   * once.
   *
   * @throws {TypeError} for a bad option.
   * @throws {ProtocolError} `ERR_WS_EVENT_ORDER` for a connection that was not accepted.
   * @throws {BroadcastError} `ERR_WS_BROADCAST_CLOSED`, `ERR_WS_ENGINE_UNREACHABLE`.
   */
  join(connection: Connection<unknown>, options: JoinOptions<InferOutput<S>> = byDefault): Membership {
    const hub = this.#hub;
    checkJoinOptions(options, hub.history !== undefined);
    const as = options.as === undefined ? undefined : copyAs(options.as);
    this.#checkOpen();
    checkAccepted(connection);
    const audience = hub.open(this.#schema);
    const member = new Member(connection, options, audience.seat(this.#positions));
    audience.addMember(member);
    if (connection.signal.aborted) member.leave();
    else if (as !== undefined) member.farewell = announce(hub, as);
    const joined = begin(hub, audience, member, options.from);
    return Object.assign(() => member.leave(), { joined, counters: member.counters });
  }

  /**
   * Every message that is published from now on, for `for await`. The same object goes to all who iterate.
   *
   * @throws {TypeError} for a bad option.
   * @throws {BroadcastError} `ERR_WS_BROADCAST_CLOSED`, `ERR_WS_ENGINE_UNREACHABLE`.
   */
  subscribe(options: SubscribeOptions<InferOutput<S>> = {}): Subscription<InferOutput<S>> {
    const hub = this.#hub;
    checkSubscribeOptions(options, hub.history !== undefined);
    this.#checkOpen();
    const audience = hub.open(this.#schema);
    const { name: topic, tally } = hub;
    const reader = new Reader({ topic, options, tally, onLeave: audience.readerLeft });
    audience.addReader(reader);
    if (options.signal?.aborted) reader.stop();
    void begin(hub, audience, reader, options.from);
    return new Subscription(reader);
  }

  /**
   * Who joined with an `as`, in every process.
   *
   * @throws {BroadcastError} as `publish`.
   */
  async members(): Promise<readonly Presence[]> {
    const { link, deadlines } = this.#hub.shared;
    if (link.error !== undefined) throw link.error;
    const { signal } = deadlines;
    await abortable(link.whenUp(), signal);
    return await link.engine.members(this.name, signal);
  }

  #checkOpen(): void {
    const { link } = this.#hub.shared;
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
