import type { NatsConnection } from "@nats-io/transport-node";
import type { EngineListener } from "../../../engine/engine.js";
import { Link } from "../connect/link.js";
import type { Names } from "../connect/names.js";
import { Outbox } from "../publish/outbox.js";
import { ReplyMux } from "../publish/reply-mux.js";
import type { Sequencer } from "../publish/sequencer.js";
import { Streams } from "../publish/streams.js";
import { Heads } from "./heads.js";
import { Interest, type Others } from "./interest.js";

/** What every session of an engine uses. */
export interface Grounds {
  readonly names: Names;
  readonly sequencer: Sequencer;
  /** The other processes. */
  readonly heartbeats: Others;
  /** On how many servers a history is kept. */
  readonly replicas: number;
  /** How often there must be a sign of life, in ms. */
  readonly pingInterval: number;
}

/** One connection and everything that lives as long as it does. */
export class Session {
  readonly listener: EngineListener;
  readonly link: Link;
  readonly replies: ReplyMux;
  readonly streams: Streams;
  readonly outbox: Outbox;
  readonly heads: Heads;
  readonly interest: Interest;

  constructor(
    connection: NatsConnection,
    listener: EngineListener,
    { names, sequencer, heartbeats, replicas, pingInterval }: Grounds,
  ) {
    this.listener = listener;
    this.link = new Link(connection, pingInterval, (subject) => this.outbox.refuse(subject));
    this.replies = new ReplyMux(connection);
    this.streams = new Streams(this.link, names, replicas);
    this.interest = new Interest(this.link, this.replies, names, heartbeats);
    this.heads = new Heads(this.link, this.replies, names, sequencer);
    this.outbox = new Outbox(this.link, this.replies, names, sequencer);
  }
}
