import { Inbox } from "../link/inbox.js";
import { type Gap, GapError } from "./gap.js";
import { type Item, membersOf, type PresenceChange, type Subscriber, type Topic } from "./topic.js";

/** How to subscribe. */
export interface SubscribeOptions<P = never> {
  /** The position behind which to begin; by default what is published from now on. */
  readonly from?: string | undefined;
  /** Ends the subscription. */
  readonly signal?: AbortSignal | undefined;
  /** How many messages wait to be taken. 1,024 by default. */
  readonly max?: number | undefined;
  /** Called in the place of messages that are missing. Without it the loop throws a `GapError` there. */
  onGap?(gap: Gap): void;
  /** Whether to be told who is there. */
  readonly presence?: boolean | undefined;
  /** Called when somebody came or went. */
  onPresence?(change: PresenceChange<P>): void;
}

/** As `SubscribeOptions`, with callbacks in place of the loop. Who takes messages so has to take gaps as well. */
export interface CallbackOptions<M, P = never> extends SubscribeOptions<P> {
  /** Called with each message, and the position that it can be resumed from. */
  onMessage(message: M, position: string): void;
  onGap(gap: Gap): void;
  /**
   * Called when the topic has been joined, the first time and after each loss, behind the messages that were missed. `recovered` is
   * whether all of them came.
   */
  onJoined?(joined: { readonly recovered: boolean }): void;
  /** Called once, when nothing more comes; with an error where the server has ended or refuses the subscription, or the client. */
  onEnd?(error: Error | undefined): void;
}

/** A subscription to a topic. Its loop gives each message once, in order, over as many connections as it takes. */
export interface Subscription<M = unknown, P = never> extends AsyncIterable<M>, AsyncDisposable {
  /** That of the last message that was handed out; it may be stored, and given back as `from`. */
  readonly position: string | undefined;
  /** Resolves when the topic is joined for the first time. */
  readonly joined: Promise<{ readonly recovered: boolean }>;
  /** Who is there, by id; empty without `presence`. */
  readonly members: ReadonlyMap<string, P>;
  /** Ends it. What came and was not taken is dropped. */
  unsubscribe(): void;
}

/** What a subscription tells those who keep the memberships. */
export interface Memberships {
  /** It has taken so much that its topic can bring more. */
  drained(topic: Topic): void;
  left(topic: Topic, subscriber: Subscriber): void;
}

/** Two gaps with no message between them, as one. */
function join(first: Gap, second: Pick<Gap, "missed">): { readonly gap: Gap } {
  const missed = Number(first.missed) + Number(second.missed);
  return { gap: { ...first, missed: Number.isNaN(missed) ? undefined : missed } };
}

type Outcome = { readonly recovered: boolean } | Error;

/** A class, because a client may have hundreds: an object with closures of its own weighs three times as much. */
export class TopicSubscription<M, P> extends Inbox<Item> implements Subscriber, Subscription<M, P> {
  position: string | undefined;
  readonly unsubscribe: () => void;
  readonly #topic: Topic;
  readonly #options: SubscribeOptions<P> & Partial<CallbackOptions<M, P>>;
  readonly #max: number;
  #failure: unknown;
  #loops = 0;
  /** Items that are gaps; there is no more than one before each message. */
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
      // Whoever does not wait for it learns of its failure by the loop.
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
    // Who leaves what the server has ended already is told nothing new.
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

  /** Makes room: of a queue that is full the oldest message becomes part of a gap, with the gaps before it. */
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
