import type { NatsConnection } from "@nats-io/transport-node";
import type { EngineListener } from "./engine.js";
import { Link } from "./nats-link.js";
import type { Names } from "./nats-names.js";
import type { Numbers } from "./nats-numbers.js";
import { Outbox } from "./nats-outbox.js";
import { Replies } from "./nats-replies.js";
import { Streams } from "./nats-streams.js";

/** What an engine needs over any connection. */
export interface Grounds {
  readonly names: Names;
  readonly numbers: Numbers;
  /** How often there must be a sign of life, in ms. */
  readonly pingInterval: number;
}

/** One connection and all that lives as long as it. */
export class Session {
  readonly listener: EngineListener;
  readonly link: Link;
  readonly replies: Replies;
  readonly streams: Streams;
  readonly outbox: Outbox;

  constructor(
    connection: NatsConnection,
    listener: EngineListener,
    { names, numbers, pingInterval }: Grounds,
  ) {
    this.listener = listener;
    this.link = new Link(connection, pingInterval, (subject) => this.outbox.refuse(subject));
    this.replies = new Replies(connection);
    this.streams = new Streams(this.link, names);
    this.outbox = new Outbox(this.link, this.replies, names, numbers);
  }
}
