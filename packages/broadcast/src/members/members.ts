import type { Message } from "../receivers/message.js";
import type { Member } from "./member.js";

/** The members of a topic. Whoever joins or leaves while a message goes round disturbs nobody. */
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

  /** Sends to all that are members now; gives to how many it was sent at once. */
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

  /** Tells all that are members now that there is a message which nobody gets. */
  skip(message: Message): void {
    for (const member of this) member.skip(message);
  }
}
