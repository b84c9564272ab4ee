import { Inbox } from "../link/inbox.js";
import { type Gap, GapError } from "./gap.js";
import { type Item, membersOf, type PresenceChange, type Subscriber, type Topic } from "./topic.js";

/** Options of a subscription. */
export interface SubscribeOptions<P = never> {
  /** The position after which to begin. By default the subscription begins with what is published from now on. */
  readonly from?: string | undefined;
  /** Ends the subscription. */
  readonly signal?: AbortSignal | undefined;
  /** How many messages may wait to be taken. 1,024 by default. */
  readonly max?: number | undefined;
  /** Called in place of the missing messages. Without it the loop throws a `GapError` there. */
  onGap?(gap: Gap): void;
  /** Whether to be told about the members. */
  readonly presence?: boolean | undefined;
  /** Called when a member came or went. */
  onPresence?(change: PresenceChange<P>): void;
}

/** As `SubscribeOptions`, with callbacks in place of the loop. With callbacks, gaps have to be handled as well. */
export interface CallbackOptions<M, P = never> extends SubscribeOptions<P> {
  /** Called with each message, and the position from which the subscription can be resumed. */
  onMessage(message: M, position: string): void;
  onGap(gap: Gap): void;
  /**
   * Called when the topic has been joined, the first time and after each loss, after the messages that were missed.
   * `recovered` says whether all of those came.
   */
  onJoined?(joined: { readonly recovered: boolean }): void;
  /**
   * Called once, when nothing more comes. It has an error where the server has ended or refused the subscription, or where
   * the client has.
   */
  onEnd?(error: Error | undefined): void;
}

/** A subscription to a topic. Its loop gives each message once, in order, over as many connections as it takes. */
export interface Subscription<M = unknown, P = never> extends AsyncIterable<M>, AsyncDisposable {
  /** The position of the message that was given last. It may be stored, and passed as `from` later. */
  readonly position: string | undefined;
  /** Resolves when the topic is joined for the first time. */
  readonly joined: Promise<{ readonly recovered: boolean }>;
  /** The members by their ids; empty without `presence`. */
  readonly members: ReadonlyMap<string, P>;
  /** Ends the subscription. Messages that were not taken are dropped. */
  unsubscribe(): void;
}

/** What a subscription reports to the topics of its client. */
export interface Memberships {
  /** So many messages were taken that the topic may deliver more. */
  drained(topic: Topic): void;
  left(topic: Topic, subscriber: Subscriber): void;
}

/** Joins two gaps with no message between them. */
function join(first: Gap, second: Pick<Gap, "missed">): { readonly gap: Gap } {
  const missed = Number(first.missed) + Number(second.missed);
  return { gap: { ...first, missed: Number.isNaN(missed) ? undefined : missed } };
}

type Outcome = { readonly recovered: boolean } | Error;

/**
 * It is a class because a client may have hundreds of them: an object with its own closures takes three times the memory.
 */
export class TopicSubscription<M, P> extends Inbox<Item> implements Subscriber, Subscription<M, P> {
  position: string | undefined;
  readonly unsubscribe: () => void;
  readonly #topic: Topic;
  readonly #options: SubscribeOptions<P> & Partial<CallbackOptions<M, P>>;
  readonly #max: number;
  #failure: unknown;
  #loops = 0;
  /** How many of the items are gaps. There is at most one before each message. */
  #gaps = 0;
  #outcome: Outcome | undefined;
  #joined: Promise<{ recovered: boolean }> | undefined;
  #settle: ((outcome: Outcome) => void) | undefined;
  readonly #memberships: Memberships;

  constructor(
    topic: Topic,
    options: SubscribeOptions<P> & Partial<CallbackOptions<M, P>>,
    memberships: Memberships,
  ) {
    super();
    this.#topic = topic;
    this.#options = options;
    this.#memberships = memberships;
    this.#max = options.max ?? 1_024;
    this.position = options.from;
    this.unsubscribe = () => {
      this.items.length = 0;
      memberships.left(topic, this);
    };
    options.signal?.addEventListener("abort", this.unsubscribe);
  }

  get joined(): Promise<{ readonly recovered: boolean }> {
    if (!this.#joined) {
      this.#joined = new Promise((resolve, reject) => {
        this.#settle = (outcome) => (outcome instanceof Error ? reject(outcome) : resolve(outcome));
        if (this.#outcome) this.#settle(this.#outcome);
      });
      // Whoever does not await it learns of the failure in the loop.
      this.#joined.catch(() => {});
    }
    return this.#joined;
  }

  get members(): ReadonlyMap<string, P> {
    return membersOf(this.#topic) as Map<string, P>;
  }

  isFull(): boolean {
    return this.items.length - this.#gaps >= this.#max;
  }

  override push(item: Item): void {
    if (this.#options.onMessage) return queueMicrotask(() => this.#take(item));
    const { items } = this;
    const last = items.at(-1)?.gap;
    if (!item.gap && this.isFull()) this.#dropOldest();
    if (item.gap && last) items[items.length - 1] = join(last, item.gap);
    else {
      this.#gaps += item.gap ? 1 : 0;
      super.push(item);
    }
  }

  present(change: PresenceChange): void {
    queueMicrotask(() => this.#options.onPresence?.(change as PresenceChange<P>));
  }

  begun(at: string | null | undefined, recovered: boolean): void {
    this.position ??= at ?? undefined;
    this.#resolve({ recovered });
    queueMicrotask(() => this.#options.onJoined?.({ recovered }));
  }

  override end(error?: Error): void {
    // Unsubscribing after the server has ended the subscription changes nothing.
    if (this.isEnded) return;
    this.#options.signal?.removeEventListener("abort", this.unsubscribe);
    this.#failure = error;
    const { onEnd } = this.#options;
    if (onEnd) queueMicrotask(() => onEnd(error));
    this.#resolve(error ?? new Error("unsubscribed"));
    super.end();
  }

  [Symbol.asyncIterator](): AsyncIterator<M, undefined> {
    this.#loops += 1;
    return {
      next: () => this.#next(),
      return: async () => {
        this.#loops -= 1;
        if (!this.#loops) this.unsubscribe();
        return { done: true, value: undefined };
      },
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.unsubscribe();
  }

  #resolve(outcome: Outcome): void {
    this.#outcome ??= outcome;
    this.#settle?.(outcome);
  }

  #take(item: Item): void {
    if (item.gap) this.#options.onGap?.(item.gap);
    else {
      this.position = item.at;
      this.#options.onMessage?.(item.data as M, item.at);
    }
  }

  /** Makes room in a full queue: the oldest message becomes a part of a gap, together with the gaps before it. */
  #dropOldest(): void {
    const { items } = this;
    let gap: { readonly gap: Gap } = { gap: { reason: "overflow", missed: 0, after: this.position } };
    for (let item = items.shift(); item; item = item.gap && items.shift()) {
      gap = join(gap.gap, item.gap ?? { missed: 1 });
      this.#gaps -= item.gap ? 1 : 0;
    }
    items.unshift(gap);
    this.#gaps += 1;
  }

  async #next(): Promise<IteratorResult<M, undefined>> {
    for (;;) {
      const item = await this.take();
      if (!item) {
        const error = this.#failure;
        this.#failure = undefined;
        if (error) throw error;
        return { done: true, value: undefined };
      }
      this.#gaps -= item.gap ? 1 : 0;
      this.#take(item);
      if (this.items.length <= this.#max / 2) this.#memberships.drained(this.#topic);
      if (!item.gap) return { value: item.data as M };
      if (!this.#options.onGap) throw new GapError(item.gap);
    }
  }
}
