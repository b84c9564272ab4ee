import type { Member } from "./member.js";
import type { Message } from "./message.js";

/** The members of a topic. Whoever joins or leaves while a message goes round disturbs nobody. */
export class Members {
  /** A place is empty where a member left while a message went round. */
  #list: (Member | undefined)[] = [];
  #size = 0;
  /** How many messages are going round: one is sent from within another where an application does so. */
  #rounds = 0;

  get size(): number {
    return this.#size;
  }

  [Symbol.iterator](): Iterator<Member> {
    return this.#list.filter((member) => member !== undefined)[Symbol.iterator]();
  }

  add(member: Member): void {
    member.index = this.#list.length;
    this.#list.push(member);
    this.#size += 1;
  }

  remove(member: Member): void {
    this.#size -= 1;
    if (this.#rounds > 0) {
      this.#list[member.index] = undefined;
      return;
    }
    const last = this.#list.pop();
    if (last === undefined || last === member) return;
    last.index = member.index;
    this.#list[member.index] = last;
  }

  /** Sends to all that are members now; gives to how many it was sent at once. */
  deliver(message: Message, value: unknown): number {
    const list = this.#list;
    const { length } = list;
    const { except } = message;
    let sent = 0;
    this.#rounds += 1;
    for (let index = 0; index < length; index += 1) {
      const member = list[index];
      if (member === undefined) continue;
      if (member.id === except) member.skip(message);
      else if (member.deliver(message, value)) sent += 1;
    }
    this.#rounds -= 1;
    if (this.#rounds === 0 && list.length !== this.#size) this.#close(list);
    return sent;
  }

  /** Tells all that are members now that there is a message which nobody gets. */
  skip(message: Message): void {
    for (const member of [...this]) member.skip(message);
  }

  /** Closes the gaps that those left who have gone. */
  #close(list: readonly (Member | undefined)[]): void {
    const left = list.filter((member) => member !== undefined);
    for (const [index, member] of left.entries()) member.index = index;
    this.#list = left;
  }
}
