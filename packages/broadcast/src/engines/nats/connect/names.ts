/**
 * The names of subjects and streams at the server. The dots of a topic are levels of its subject, so permissions can refer
 * to them.
 */
export class Names {
  readonly #prefix: string;
  /** The subject on which processes report that they live. */
  readonly beats: string;
  /** The subject on which processes ask for the members of a topic. */
  readonly questions: string;
  /** The subject on which processes speak to each other. */
  readonly control: string;

  constructor(prefix: string) {
    this.#prefix = prefix;
    this.beats = `${prefix}.presence.beat`;
    this.questions = `${prefix}.presence.question`;
    this.control = `${prefix}.control`;
  }

  subject(topic: string): string {
    return `${this.#prefix}.topic.${topic}`;
  }

  /** The subject on which the publisher of an epoch is asked for its position. */
  head(epoch: string): string {
    return `${this.#prefix}.head.${epoch}`;
  }

  /**
   * The subject on which a topic's stream publishes what it has stored. The third level is the epoch; `*` stands for any.
   */
  stored(topic: string, epoch: string): string {
    return `${this.#prefix}.stored.${epoch}.${topic}`;
  }

  /**
   * The name of the stream with a topic's history. The dots of the topic become equals signs, which no topic contains: a
   * stream's name cannot contain dots, and so the topic can be read back.
   */
  stream(topic: string): string {
    return `${this.#prefix}=${topic.replaceAll(".", "=")}`;
  }
}
