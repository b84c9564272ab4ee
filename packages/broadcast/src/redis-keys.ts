/**
 * The names of everything that is kept in Redis. A topic stands in braces, as a hash tag: all keys of one topic live on
 * one node, and a topic can't be taken for another name, as it holds no brace.
 */
export class RedisKeys {
  readonly #prefix: string;

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /** The channel that messages are published on. */
  channel(topic: string): string {
    return `${this.#prefix}:{${topic}}`;
  }

  topicOf(channel: string): string {
    return channel.slice(this.#prefix.length + 2, -1);
  }

  /** A hash: the epoch, and the sequence of the last message. */
  head(topic: string): string {
    return `${this.#prefix}:{${topic}}:head`;
  }

  /** A stream: the newest messages of a topic with history, each by its sequence. */
  log(topic: string): string {
    return `${this.#prefix}:{${topic}}:log`;
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
