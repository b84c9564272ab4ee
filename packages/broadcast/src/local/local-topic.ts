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

/** Who has to know whether a topic is in use. */
export interface LocalTopicListener {
  /** It gets messages from now on. */
  active(local: LocalTopic): void;
  idle(local: LocalTopic): void;
}

/** One topic in this process: one subscription of the engine, one account of what came, and its receivers. */
export class LocalTopic {
  readonly name: string;
  readonly history: History | undefined;
  readonly shared: BroadcastParts;
  readonly tally: Tally;
  readonly link: TopicLink;
  readonly publisher: Publisher;
  /** Those of this process, by their connection: one that joins again is the member that it is. */
  readonly memberships: Map<object, Membership> = new Map();
  readonly #listener: LocalTopicListener;
  /** Whether positions are the topic's, and not each publisher's own. */
  readonly #isTopics: boolean;
  /** Never changed in place: receivers come and go while a message goes round. */
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

  /** Where the topic stands in this process; `undefined` where its positions are each publisher's own. */
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

  /** Asks the engine where the topic stands, so that the loss of the last message shows without a next one. */
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

  /** The engine, or the part of it where the topic lies, went away: what comes next may have a hole before it. */
  interrupted(): void {
    if (this.link.isSubscribed) this.#recovery.interrupted();
    this.link.interrupted();
  }

  up(): void {
    this.link.notify();
  }

  /** The broadcast has ended, by an error that is its fault, or for none. */
  end(error?: Error): void {
    this.#recovery.end();
    for (const group of this.#groups) group.end(error);
    this.link.notify();
  }

  /** Those who read the topic by that schema; whoever is added to them gets what is published from then on. */
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

  /** Begins anew: what comes next is the first that is heard of, and what is still asked for is for nobody. */
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
