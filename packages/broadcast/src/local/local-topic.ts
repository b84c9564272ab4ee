import type { Schema } from "@ws/connection";
import type { Delivery, History, Position } from "../engine/engine.js";
import type { Membership } from "../members/membership.js";
import { Tally } from "../receivers/counters.js";
import type { Gap, GapReason } from "../receivers/gap.js";
import { Message } from "../receivers/message.js";
import { SchemaGroup } from "../schema/schema-group.js";
import type { BroadcastParts } from "./broadcast-parts.js";
import { Publisher } from "./publisher.js";
import { Recovery } from "./recovery.js";
import { TopicLink } from "./topic-link.js";
import { duplicate, Tracker } from "./tracker.js";

/** Is told whether a topic is in use. */
export interface LocalTopicListener {
  /** The topic is in use from now on. */
  active(local: LocalTopic): void;
  idle(local: LocalTopic): void;
}

/** One topic in this process: its subscription at the engine, its position, and its receivers. */
export class LocalTopic {
  readonly name: string;
  readonly history: History | undefined;
  readonly shared: BroadcastParts;
  readonly tally: Tally;
  readonly link: TopicLink;
  readonly publisher: Publisher;
  /** The memberships of this process by their connections. A connection that joins again gets the membership that it has. */
  readonly memberships: Map<object, Membership> = new Map();
  readonly #listener: LocalTopicListener;
  /** Whether positions belong to the topic, and not to each of its publishers. */
  readonly #isTopics: boolean;
  /** The array is replaced and never changed, because receivers come and go while a message is delivered. */
  #groups: readonly SchemaGroup[] = [];
  #isComparing = false;
  #tracker: Tracker;
  #recovery: Recovery;

  constructor(
    name: string,
    history: History | undefined,
    shared: BroadcastParts,
    listener: LocalTopicListener,
  ) {
    this.name = name;
    this.history = history;
    this.shared = shared;
    this.tally = new Tally(shared.tally);
    this.#listener = listener;
    this.#isTopics = history !== undefined || shared.link.engine.order === "topic";
    this.#tracker = this.#newTracker();
    this.#recovery = this.#newRecovery();
    this.link = new TopicLink(name, history, shared.link, {
      subscribed: (head) => {
        if (head !== undefined) this.#tracker.skipTo(head);
      },
      unsubscribed: () => this.#forget(),
      idle: () => {
        this.#forget();
        this.#listener.idle(this);
      },
    });
    const { tally, link, memberships } = this;
    this.publisher = new Publisher({ topic: name, history, shared, topicLink: link, tally, memberships });
  }

  /** The position of the topic in this process; `undefined` where positions belong to the publishers. */
  get position(): Position | undefined {
    return this.#isTopics ? this.#tracker.last : undefined;
  }

  delivered(delivery: Delivery): void {
    if (!this.#recovery.holds(delivery)) this.#accept(delivery, false);
  }

  readonly poisoned = (): void => {
    this.tally.count("poisoned");
    this.shared.events.emit("poisoned", { topic: this.name });
  };

  resumed(head: Position | undefined): void {
    if (!this.link.isSubscribed) return;
    this.#recovery.resumed(head);
    this.link.resumed();
  }

  /** The server refuses to subscribe the topic again. */
  refused(error: Error): void {
    this.link.refused(error);
  }

  /** Asks the engine for the topic's position, so that the loss of the last message is noticed before the next one comes. */
  async compare(): Promise<void> {
    const { engine } = this.shared.link;
    const epochs = this.#isTopics ? [""] : this.#tracker.uncompared();
    if (this.#isComparing || !this.link.isWhole || !this.link.isSubscribed) return;
    this.#isComparing = true;
    const [tracker, recovery, { signal }] = [this.#tracker, this.#recovery, this.shared.deadlines];
    for (const epoch of epochs) {
      const head = await engine.head?.(this.name, epoch, this.history, signal).catch(() => undefined);
      if (head !== undefined) await recovery.compare(head);
      tracker.compared(epoch, head?.sequence);
    }
    this.#isComparing = false;
  }

  /** The engine, or the part of it that has this topic, went away. The next message may have a gap before it. */
  interrupted(): void {
    if (this.link.isSubscribed) this.#recovery.interrupted();
    this.link.interrupted();
  }

  up(): void {
    this.link.notify();
  }

  /** Ends all receivers, because the broadcast has ended or because of an error. */
  end(error?: Error): void {
    this.#recovery.end();
    for (const group of this.#groups) group.end(error);
    this.link.notify();
  }

  /** The group of the receivers with this schema. A receiver that is added to it gets what is published from then on. */
  open(schema: Schema): SchemaGroup {
    const known = this.#groups.find((group) => group.schema === schema);
    const group = known ?? this.#newGroup(schema);
    if (known === undefined) this.#groups = [...this.#groups, group];
    this.#listener.active(this);
    this.link.want(true);
    return group;
  }

  #newGroup(schema: Schema): SchemaGroup {
    return new SchemaGroup({
      topic: this.name,
      schema,
      isShared: this.shared.link.engine.isShared,
      maxPayload: this.shared.limits.maxPayload,
      tally: this.tally,
      onPoisoned: this.poisoned,
      onLeft: this.#left,
    });
  }

  readonly #left = (): void => {
    if (this.#groups.some((group) => group.isEmpty)) {
      this.#groups = this.#groups.filter((group) => !group.isEmpty);
      if (this.#groups.length === 0) this.link.want(false);
    }
    this.link.notify();
  };

  /** Starts anew: the next message counts as the first, and answers to earlier requests are ignored. */
  #forget(): void {
    this.#recovery.end();
    this.#tracker = this.#newTracker();
    this.#recovery = this.#newRecovery();
  }

  #newTracker(): Tracker {
    return new Tracker(this.#isTopics ? "topic" : "publisher");
  }

  #newRecovery(): Recovery {
    return new Recovery({
      topic: this.name,
      history: this.history,
      shared: this.shared,
      tracker: this.#tracker,
      isTopics: this.#isTopics,
      accept: (delivery, isFinal) => this.#accept(delivery, isFinal),
      poisoned: this.poisoned,
      gap: (reason, missed, after) => this.#gap(reason, missed, after),
    });
  }

  #accept(delivery: Delivery, isFinal: boolean): void {
    const isBelieved = isFinal || !this.#recovery.canAsk;
    const told = this.#tracker.accept(delivery.epoch, delivery.sequence, isBelieved);
    if (told === duplicate) {
      this.tally.count("duplicates");
      return;
    }
    if (told !== undefined && !isBelieved) return this.#recovery.doubt(delivery);
    if (told !== undefined) this.#gap(told.reason, told.missed, told.after);
    const message = new Message(delivery, this.shared.link.engine.process);
    for (const group of this.#groups) group.deliver(message);
  }

  #gap(reason: GapReason, missed: number | undefined, after: Position | undefined): void {
    const gap: Gap = { topic: this.name, reason, missed, after };
    this.tally.count("gaps");
    this.shared.events.emit("gap", gap);
    for (const group of this.#groups) group.gap(gap);
  }
}
