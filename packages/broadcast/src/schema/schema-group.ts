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

/** As many messages may wait for a schema that takes its time. */
const maxUnread = 10_000;

/** What a schema group is made of. */
export interface SchemaGroupParts {
  readonly topic: string;
  readonly schema: Schema;
  /** Whether messages may come from another process. */
  readonly isShared: boolean;
  readonly maxPayload: number;
  readonly tally: Tally;
  readonly onPoisoned: () => void;
  /** Called whenever somebody has left. */
  readonly onLeft: () => void;
}

/** The receivers of a topic that read it by one schema. A message is read once for all of them, in order. */
export class SchemaGroup {
  readonly schema: Schema;
  readonly #parts: SchemaGroupParts;
  readonly #members = new Members();
  readonly #queues = new Set<SubscriptionQueue>();
  /** Of those who are sent positions, and of those who are not. */
  readonly #contexts: { readonly bare: MemberContext<Member>; readonly positioned: MemberContext<Member> };
  /** How many receivers want values; where none does, the text goes on as it came. */
  #reading = 0;
  /** What waits for the message before it to be read. */
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

  /** Whether messages that have come are still to be delivered. */
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

  /** For a subscription queue to call when it has ended. */
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

  /** Reads a payload by the schema; `undefined` for what is no message. */
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

  /** What comes until then waits, and what comes while it goes round. */
  #whenRead(message: Message, reading: Promise<Read | undefined>): void {
    void reading.then((read) => {
      this.#dispatch(message, read);
      this.#goOn();
    });
  }

  /** Takes up what came while a message was read. */
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
    // Who begins to listen while it goes round is not meant.
    const queues = [...this.#queues];
    this.#parts.tally.count("delivered", this.#members.deliver(message, value));
    for (const queue of queues) queue.deliver(message, value);
  }
}
