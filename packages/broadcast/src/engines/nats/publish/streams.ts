import {
  JetStreamApiError,
  type JetStreamManager,
  jetstreamManager,
  type StreamAPI,
  type StreamInfo,
} from "@nats-io/jetstream";
import { nanos } from "@nats-io/transport-node";
import type { History } from "../../../engine/engine.js";
import { newEpoch } from "../../../engine/epoch.js";
import { keyWindow } from "../../../engine/recent-keys.js";
import type { Link } from "../connect/link.js";
import type { Names } from "../connect/names.js";

/** JetStream's error codes for a stream that does not exist, and for one that exists with other properties. */
const notFound = 10_059;
const otherProperties = 10_058;
/** The shortest age that JetStream allows, in ms. */
const shortest = 100;

/** The history of a topic. */
export interface Stream {
  readonly name: string;
  readonly epoch: string;
  /** Must be called when something failed: then the next call of `open` asks the server again. */
  forget(): void;
}

/** The state of a stream. If it is empty, `first` is the number after `last`. */
export interface StreamState {
  readonly epoch: string;
  readonly first: number;
  readonly last: number;
}

/**
 * Reads the state. The epoch of a stream is chosen at random when it is created, and is part of the subject on which it
 * republishes what it has stored. So each message contains the epoch, and a stream that is created anew has another one.
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

/** What a topic's history demands of its stream. */
interface Limits {
  readonly max_msgs: number;
  readonly max_age: number;
  readonly duplicate_window: number;
  readonly num_replicas: number;
}

function limits({ size, ttl }: History, replicas: number): Limits {
  const age = nanos(Math.max(ttl, shortest));
  // It may not be longer than messages are kept.
  const duplicates = nanos(Math.min(keyWindow, Math.max(ttl, shortest)));
  return { max_msgs: size, max_age: age, duplicate_window: duplicates, num_replicas: replicas };
}

/** The histories of topics, over one connection. Each is a stream, which is made when its topic is first used. */
export class Streams {
  readonly #link: Link;
  readonly #names: Names;
  readonly #replicas: number;
  readonly #open = new Map<string, Promise<Stream>>();
  #manager: Promise<JetStreamManager> | undefined;

  constructor(link: Link, names: Names, replicas: number) {
    this.#replicas = replicas;
    this.#link = link;
    this.#names = names;
  }

  /** Makes the stream if there is none, and changes the size or age of an existing one if they differ. */
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
    const streams = await this.#api();
    return stateOf(await streams.info(name));
  }

  /** Made for the first caller, so that no rejection is left without a listener. */
  async #api(): Promise<StreamAPI> {
    this.#manager ??= jetstreamManager(this.#link.connection, { checkAPI: false });
    return (await this.#manager).streams;
  }

  async #find(name: string, topic: string, history: History): Promise<StreamInfo> {
    const streams = await this.#api();
    const info = await streams.info(name).catch((error: unknown) => {
      if (!hasCode(error, notFound)) throw error;
      return this.#create(name, topic, history);
    });
    const wanted = limits(history, this.#replicas);
    const { max_msgs, max_age, num_replicas } = info.config;
    const isSize = max_msgs === wanted.max_msgs && max_age === wanted.max_age;
    if (isSize && num_replicas === wanted.num_replicas) return info;
    return await streams.update(name, wanted);
  }

  async #create(name: string, topic: string, history: History): Promise<StreamInfo> {
    const streams = await this.#api();
    const subject = this.#names.subject(topic);
    const config = {
      name,
      subjects: [subject],
      storage: "memory",
      discard: "old",
      allow_direct: true,
      republish: { src: subject, dest: this.#names.stored(topic, newEpoch()) },
      ...limits(history, this.#replicas),
    } as const;
    return await streams.add({ ...config, subjects: [subject] }).catch((error: unknown) => {
      // Another process was faster, and its epoch is used.
      if (!hasCode(error, otherProperties)) throw error;
      return streams.info(name);
    });
  }
}
