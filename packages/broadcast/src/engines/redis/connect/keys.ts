/**
 * The names of everything that is kept in Redis. A topic stands in braces, as a hash tag: all keys of one topic live on
 * one node, and a topic can't be taken for another name, as it holds no brace.
 *
 * Keys are those of one database, channels are the whole server's: so the name of a channel holds the number of a database
 * that is not 0, behind a slash, which no prefix holds.
 */
export class RedisKeys {
  readonly #prefix: string;
  /** What the names of all channels begin with. */
  readonly #channels: string;

  constructor(prefix: string, database = 0) {
    this.#prefix = prefix;
    this.#channels = database === 0 ? prefix : `${prefix}/${database}`;
  }

  /** The channel that messages are published on. */
  channel(topic: string): string {
    return `${this.#channels}:{${topic}}`;
  }

  topicOf(channel: string): string {
    return channel.slice(this.#channels.length + 2, -1);
  }

  /** The channel that processes speak to each other on. */
  get control(): string {
    return `${this.#channels}:control`;
  }

  /** A hash: the epoch, and the sequence of the last message. */
  head(topic: string): string {
    return `${this.#prefix}:{${topic}}:head`;
  }

  /** A stream: the newest messages of a topic with history, each by its sequence. */
  log(topic: string): string {
    return `${this.#prefix}:{${topic}}:log`;
  }

  /** A string: the epoch and the sequence of what was published with that idempotency key. */
  key(topic: string, key: string): string {
    return `${this.#prefix}:{${topic}}:key:${key}`;
  }

  /** A hash: who is there, `lease/member` → JSON. */
  members(topic: string): string {
    return `${this.#prefix}:{${topic}}:members`;
  }

  /** A string that exists for as long as its process does. */
  lease(lease: string): string {
    return `${this.#prefix}:lease:${lease}`;
  }
}
