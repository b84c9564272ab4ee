import type { Schema } from "@ws/connection";
import { fits } from "../engine/payload.js";
import type { Member } from "../members/member.js";
import type { MemberContext } from "../members/member-context.js";
import { Members } from "../members/members.js";
import { Backlog } from "../receivers/backlog.js";
import type { Tally } from "../receivers/counters.js";
import type { Gap } from "../receivers/gap.js";
import type { Message } from "../receivers/message.js";
import type { Receiver } from "../receivers/receiver.js";
import type { SubscriptionQueue } from "../receivers/subscription-queue.js";
import { type Read, readPayload } from "./schema.js";

/** How many messages may wait for an asynchronous schema. */
const maxUnread = 10_000;

/** What a schema group is made from. */
export interface SchemaGroupParts {
  readonly topic: string;
  readonly schema: Schema;
  /** Whether messages may come from another process. */
  readonly isShared: boolean;
  readonly maxPayload: number;
  readonly tally: Tally;
  readonly onPoisoned: () => void;
  /** Called whenever a receiver has left. */
  readonly onLeft: () => void;
}

/** The receivers of a topic that use the same schema. Each message is read once for all of them, in order. */
export class SchemaGroup {
  readonly schema: Schema;
  readonly #parts: SchemaGroupParts;
  readonly #members = new Members();
  readonly #queues = new Set<SubscriptionQueue>();
  /** The contexts of the members that are sent positions, and of those that are not. */
  readonly #contexts: { readonly bare: MemberContext<Member>; readonly positioned: MemberContext<Member> };
  /** How many receivers need parsed values. If there are none, the text is passed on as it came. */
  #reading = 0;
  /** The messages that wait until the one before them has been read. */
  readonly #unread: Backlog;
  #isReading = false;

  constructor(parts: SchemaGroupParts) {
    this.schema = parts.schema;
    this.#parts = parts;
    this.#unread = new Backlog(parts.topic, "drop-oldest", true);
    const { topic, tally } = parts;
    const bare: MemberContext<Member> = { topic, positions: false, tally, left: this.#memberLeft };
    this.#contexts = { bare, positioned: { ...bare, positions: true } };
  }

  get isEmpty(): boolean {
    return this.#members.size === 0 && this.#queues.size === 0;
  }

  /** Whether messages have come that are still to be delivered. */
  get isReading(): boolean {
    return this.#isReading;
  }

  context(positions: boolean): MemberContext<Member> {
    return positions ? this.#contexts.positioned : this.#contexts.bare;
  }

  addMember(member: Member): void {
    this.#members.add(member);
    this.#parts.tally.count("members");
    if (member.isKeyed) this.#reading += 1;
  }

  readonly #memberLeft = (member: Member): void => {
    this.#members.remove(member);
    this.#parts.tally.count("members", -1);
    if (member.isKeyed) this.#reading -= 1;
    this.#parts.onLeft();
  };

  addQueue(queue: SubscriptionQueue): void {
    this.#queues.add(queue);
    this.#reading += 1;
  }

  /** A subscription queue calls this when it has ended. */
  readonly queueLeft = (queue: SubscriptionQueue): void => {
    this.#queues.delete(queue);
    this.#reading -= 1;
    this.#parts.onLeft();
  };

  end(error?: Error): void {
    for (const receiver of this.#receivers()) receiver.end(error);
    this.#unread.clear();
  }

  deliver(message: Message): void {
    if (this.#isReading) {
      this.#unread.append(message, undefined);
      this.#parts.tally.count("dropped", this.#unread.trim(maxUnread));
    } else if (this.#reading === 0 && !this.#parts.isShared) {
      this.#parts.tally.count("delivered", this.#members.deliver(message, undefined));
    } else {
      this.#read(message);
    }
  }

  gap(gap: Gap): void {
    if (this.#isReading) this.#unread.gap(gap);
    else this.#tell(gap);
  }

  /** Reads a payload by the schema; `undefined` for a payload that is no valid message. */
  read(payload: string): Read | undefined | Promise<Read | undefined> {
    const { isShared, maxPayload, schema } = this.#parts;
    const isSound = !isShared || (payload.isWellFormed() && fits(payload, maxPayload));
    return isSound ? readPayload(schema, payload) : undefined;
  }

  #receivers(): readonly Receiver[] {
    return [...this.#members, ...this.#queues];
  }

  #tell(gap: Gap): void {
    for (const receiver of this.#receivers()) receiver.gap(gap);
  }

  #read(message: Message): void {
    const read = this.read(message.payload);
    if (!(read instanceof Promise)) {
      this.#dispatch(message, read);
      return;
    }
    this.#isReading = true;
    this.#whenRead(message, read);
  }

  /** Delivers a message when it has been read. Messages that come until then, or during the delivery, wait. */
  #whenRead(message: Message, reading: Promise<Read | undefined>): void {
    void reading.then((read) => {
      this.#dispatch(message, read);
      this.#goOn();
    });
  }

  /** Continues with the messages that came while one was read. */
  #goOn(): void {
    while (!this.#unread.isEmpty) {
      const next = this.#unread.shift();
      for (const gap of next?.gaps ?? this.#unread.takeGaps()) this.#tell(gap);
      if (next === undefined) continue;
      const read = this.read(next.message.payload);
      if (read instanceof Promise) {
        this.#whenRead(next.message, read);
        return;
      }
      this.#dispatch(next.message, read);
    }
    this.#isReading = false;
  }

  #dispatch(message: Message, read: Read | undefined): void {
    if (read === undefined) {
      this.#parts.onPoisoned();
      this.#members.skip(message);
      return;
    }
    const { value } = read;
    // Receivers that are added while this message is delivered do not get it.
    const queues = [...this.#queues];
    this.#parts.tally.count("delivered", this.#members.deliver(message, value));
    for (const queue of queues) queue.deliver(message, value);
  }
}
