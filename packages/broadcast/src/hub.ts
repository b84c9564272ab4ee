import type { Schema } from "@ws/connection";
import { Audience } from "./audience.js";
import type { BroadcastParts } from "./broadcast-parts.js";
import { Tally } from "./counters.js";
import type { Delivery, History, Position } from "./engine.js";
import type { Gap, GapReason } from "./gap.js";
import { Message } from "./message.js";
import { Publisher } from "./publisher.js";
import { Recovery } from "./recovery.js";
import { TopicLink } from "./topic-link.js";
import { duplicate, Tracker } from "./tracker.js";

/** Who has to know whether a topic is in use. */
export interface HubListener {
  /** It gets messages from now on. */
  active(hub: Hub): void;
  idle(hub: Hub): void;
}

/** One topic in this process: one subscription of the engine, one account of what came, and its receivers. */
export class Hub {
  readonly name: string;
  readonly history: History | undefined;
  readonly shared: BroadcastParts;
  readonly tally: Tally;
  readonly link: TopicLink;
  readonly publisher: Publisher;
  readonly #listener: HubListener;
  /** Never changed in place: receivers come and go while a message goes round. */
  #audiences: readonly Audience[] = [];
  #tracker: Tracker;
  #recovery: Recovery;

  constructor(name: string, history: History | undefined, shared: BroadcastParts, listener: HubListener) {
    this.name = name;
    this.history = history;
    this.shared = shared;
    this.tally = new Tally(shared.tally);
    this.#listener = listener;
    this.#tracker = new Tracker(shared.link.engine.order);
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
    const { tally, link } = this;
    this.publisher = new Publisher({ topic: name, history, shared, topicLink: link, tally });
  }

  /** Where the topic stands in this process; `undefined` where its positions are each publisher's own. */
  get position(): Position | undefined {
    const isTopics = this.history !== undefined || this.shared.link.engine.order === "topic";
    return isTopics ? this.#tracker.last : undefined;
  }

  delivered(delivery: Delivery): void {
    if (!this.#recovery.holds(delivery)) this.#accept(delivery);
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

  /** The engine went away: what comes next may have a hole before it. */
  down(): void {
    if (this.link.isSubscribed) this.#recovery.interrupted();
    this.link.interrupted();
  }

  up(): void {
    this.link.ring();
  }

  /** The broadcast has ended, by an error that is its fault, or for none. */
  end(error?: Error): void {
    this.#recovery.end();
    for (const audience of this.#audiences) audience.end(error);
    this.link.ring();
  }

  /** Those who read the topic by that schema; whoever is added to them gets what is published from then on. */
  open(schema: Schema): Audience {
    const known = this.#audiences.find((audience) => audience.schema === schema);
    const audience = known ?? this.#newAudience(schema);
    if (known === undefined) this.#audiences = [...this.#audiences, audience];
    this.#listener.active(this);
    this.link.want(true);
    return audience;
  }

  #newAudience(schema: Schema): Audience {
    return new Audience({
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
    if (this.#audiences.some((audience) => audience.isEmpty)) {
      this.#audiences = this.#audiences.filter((audience) => !audience.isEmpty);
      if (this.#audiences.length === 0) this.link.want(false);
    }
    this.link.ring();
  };

  /** Begins anew: what comes next is the first that is heard of, and what is still asked for is for nobody. */
  #forget(): void {
    this.#recovery.end();
    this.#tracker = new Tracker(this.shared.link.engine.order);
    this.#recovery = this.#newRecovery();
  }

  #newRecovery(): Recovery {
    return new Recovery({
      topic: this.name,
      history: this.history,
      shared: this.shared,
      tracker: this.#tracker,
      accept: (delivery) => this.#accept(delivery),
      gap: (reason, missed, after) => this.#gap(reason, missed, after),
    });
  }

  #accept(delivery: Delivery): void {
    const told = this.#tracker.accept(delivery.epoch, delivery.sequence);
    if (told === duplicate) {
      this.tally.count("duplicates");
      return;
    }
    if (told !== undefined) this.#gap(told.reason, told.missed, told.after);
    const message = new Message(delivery);
    for (const audience of this.#audiences) audience.deliver(message);
  }

  #gap(reason: GapReason, missed: number | undefined, after: Position | undefined): void {
    const gap: Gap = { topic: this.name, reason, missed, after };
    this.tally.count("gaps");
    this.shared.events.emit("gap", gap);
    for (const audience of this.#audiences) audience.gap(gap);
  }
}
