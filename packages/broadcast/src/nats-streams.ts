import {
  JetStreamApiError,
  type JetStreamManager,
  jetstreamManager,
  type StreamInfo,
} from "@nats-io/jetstream";
import { nanos } from "@nats-io/transport-node";
import type { History } from "./engine.js";
import type { Link } from "./nats-link.js";
import type { Names } from "./nats-names.js";
import { newEpoch } from "./nats-numbers.js";

/** JetStream's codes for a stream that is not there, and for one that is, with other properties. */
const notFound = 10_059;
const otherProperties = 10_058;
/** The shortest age that JetStream knows, in ms. */
const shortest = 100;

/** The history of a topic. */
export interface Stream {
  readonly name: string;
  readonly epoch: string;
  /** To be called when something failed: whoever opens the topic next asks the server again. */
  forget(): void;
}

/** Where a stream stands; its first message is the one after the last where it is empty. */
export interface StreamState {
  readonly epoch: string;
  readonly first: number;
  readonly last: number;
}

/**
 * A stream's epoch is drawn when it is created, and part of the subject to which it publishes what it has stored: so
 * each message tells the epoch, and a stream that is created anew has another.
 */
function stateOf({ config, state }: StreamInfo): StreamState {
  const epoch = config.republish?.dest.split(".")[2];
  if (epoch === undefined)
    throw new Error(`expected a stream of this package, got another one named ${config.name}`);
  return { epoch, first: state.first_seq, last: state.last_seq };
}

function hasCode(error: unknown, code: number): boolean {
  return error instanceof JetStreamApiError && error.code === code;
}

/** What a topic's history asks of its stream. */
function limits({ size, ttl }: History): { max_msgs: number; max_age: number; duplicate_window: number } {
  const age = nanos(Math.max(ttl, shortest));
  // No message has an identity of its own, so nothing need be remembered to find it again.
  return { max_msgs: size, max_age: age, duplicate_window: nanos(shortest) };
}

/** The histories of topics, over one connection: one stream each, made when the topic is first used. */
export class Streams {
  readonly #link: Link;
  readonly #names: Names;
  readonly #open = new Map<string, Promise<Stream>>();
  readonly #manager: Promise<JetStreamManager>;

  constructor(link: Link, names: Names) {
    this.#link = link;
    this.#names = names;
    this.#manager = jetstreamManager(link.connection, { checkAPI: false });
  }

  /** Makes the stream where there is none, and one of another size or age as it is asked for. */
  open(topic: string, history: History): Promise<Stream> {
    const known = this.#open.get(topic);
    if (known !== undefined) return known;
    const forget = (): void => {
      if (this.#open.get(topic) === opening) this.#open.delete(topic);
    };
    const name = this.#names.stream(topic);
    const opening = this.#link
      .ask(() => this.#find(name, topic, history))
      .then((info) => ({ name, epoch: stateOf(info).epoch, forget }));
    this.#open.set(topic, opening);
    opening.catch(forget);
    return opening;
  }

  async state(name: string): Promise<StreamState> {
    const { streams } = await this.#manager;
    return stateOf(await streams.info(name));
  }

  async #find(name: string, topic: string, history: History): Promise<StreamInfo> {
    const { streams } = await this.#manager;
    const info = await streams.info(name).catch((error: unknown) => {
      if (!hasCode(error, notFound)) throw error;
      return this.#create(name, topic, history);
    });
    const wanted = limits(history);
    const { max_msgs, max_age } = info.config;
    if (max_msgs === wanted.max_msgs && max_age === wanted.max_age) return info;
    return await streams.update(name, wanted);
  }

  async #create(name: string, topic: string, history: History): Promise<StreamInfo> {
    const { streams } = await this.#manager;
    const subject = this.#names.subject(topic);
    const config = {
      name,
      subjects: [subject],
      storage: "memory",
      discard: "old",
      allow_direct: true,
      republish: { src: subject, dest: this.#names.stored(topic, newEpoch()) },
      ...limits(history),
    } as const;
    return await streams.add({ ...config, subjects: [subject] }).catch((error: unknown) => {
      // Another process was faster; its epoch stands.
      if (!hasCode(error, otherProperties)) throw error;
      return streams.info(name);
    });
  }
}
