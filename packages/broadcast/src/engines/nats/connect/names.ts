/** What things are called at the server. The topic's own dots are levels of its subject, so permissions can use them. */
export class Names {
  readonly #prefix: string;
  /** Processes say here that they live. */
  readonly beats: string;
  /** Processes ask here who is where. */
  readonly questions: string;
  /** Processes speak to each other here. */
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

  /** Where the publisher of an epoch is asked how far it is. */
  head(epoch: string): string {
    return `${this.#prefix}.head.${epoch}`;
  }

  /** Where the topic's stream publishes what it has stored; the third level is its epoch, `*` is any. */
  stored(topic: string, epoch: string): string {
    return `${this.#prefix}.stored.${epoch}.${topic}`;
  }

  /** Of the topic's history. A stream's name can't hold a dot, and a topic's no equals sign: so it can be read back. */
  stream(topic: string): string {
    return `${this.#prefix}=${topic.replaceAll(".", "=")}`;
  }
}
