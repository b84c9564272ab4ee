/**
 * The names of everything that is kept in Redis. The topic is in braces, which make it a hash tag: all keys of one topic are
 * on one node. A topic cannot be taken for another name, because it contains no brace.
 *
 * Keys belong to one database, but channels belong to the whole server. So the name of a channel contains the number of the
 * database, unless it is 0, behind a slash, which no prefix contains.
 */
export class RedisKeys {
  readonly #prefix: string;
  /** The prefix of all channels. */
  readonly #channels: string;

  constructor(prefix: string, database = 0) {
    this.#prefix = prefix;
    this.#channels = database === 0 ? prefix : `${prefix}/${database}`;
  }

  /** The channel on which messages are published. */
  channel(topic: string): string {
    return `${this.#channels}:{${topic}}`;
  }

  topicOf(channel: string): string {
    return channel.slice(this.#channels.length + 2, -1);
  }

  /** The channel on which processes speak to each other. */
  get control(): string {
    return `${this.#channels}:control`;
  }

  /** A hash with the epoch and the sequence of the last message. */
  head(topic: string): string {
    return `${this.#prefix}:{${topic}}:head`;
  }

  /** A stream with the newest messages of a topic with history, each under its sequence. */
  log(topic: string): string {
    return `${this.#prefix}:{${topic}}:log`;
  }

  /** A string with the epoch and the sequence of the message that was published with this idempotency key. */
  key(topic: string, key: string): string {
    return `${this.#prefix}:{${topic}}:key:${key}`;
  }

  /** A hash of the members: `lease/member` → JSON. */
  members(topic: string): string {
    return `${this.#prefix}:{${topic}}:members`;
  }

  /** A string that exists as long as its process does. */
  lease(lease: string): string {
    return `${this.#prefix}:lease:${lease}`;
  }
}
