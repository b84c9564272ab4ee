import type { Message } from "../receivers/message.js";
import type { Member } from "./member.js";

/** The members of a topic. Members may join and leave while a message is delivered. */
export class Members {
  readonly #all = new Set<Member>();

  get size(): number {
    return this.#all.size;
  }

  [Symbol.iterator](): Iterator<Member> {
    return [...this.#all][Symbol.iterator]();
  }

  add(member: Member): void {
    this.#all.add(member);
  }

  remove(member: Member): void {
    this.#all.delete(member);
  }

  /** Sends a message to all current members, and returns to how many it was sent at once. */
  deliver(message: Message, value: unknown): number {
    const { except } = message;
    let sent = 0;
    for (const member of this) {
      if (member.isGone) continue;
      if (member.id === except) member.skip(message);
      else if (member.deliver(message, value)) sent += 1;
    }
    return sent;
  }

  /** Tells all current members about a message that nobody gets. */
  skip(message: Message): void {
    for (const member of this) member.skip(message);
  }
}
