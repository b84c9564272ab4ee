import { BroadcastError } from "../engine/broadcast-error.js";
import type { Position } from "../engine/engine.js";
import { listenToAbort } from "./abort-listener.js";
import { Backlog, type Waiting } from "./backlog.js";
import { ReceiverTally, type Tally } from "./counters.js";
import type { Gap } from "./gap.js";
import { tell } from "./listener-errors.js";
import type { Message } from "./message.js";
import type { SubscribeOptions } from "./options.js";
import { keyOf, type Receiver } from "./receiver.js";

/** What a subscription queue is made from. */
export interface SubscriptionQueueParts {
  readonly topic: string;
  readonly options: SubscribeOptions<never>;
  readonly tally: Tally;
  readonly onLeave: (queue: SubscriptionQueue) => void;
}

/** A caller that waits in `next`. */
interface Waiter {
  readonly resolve: (result: IteratorResult<unknown, undefined>) => void;
  /** Nobody has to await the promise of `next`, so its rejection must not be unhandled. */
  readonly reject: (error: Error) => void;
}

/** How many messages above `max` may wait while the history is requested. */
const grace = 10_000;
const ended: IteratorResult<never, undefined> = { done: true, value: undefined };

/** The queue between a topic and the code that iterates over a subscription. */
export class SubscriptionQueue implements Receiver {
  readonly counters: ReceiverTally = new ReceiverTally();
  readonly #parts: SubscriptionQueueParts;
  readonly #max: number;
  readonly #isDisconnecting: boolean;
  readonly #waiters: Waiter[] = [];
  /** The messages of the history, which come before all others. */
  readonly #past: Backlog;
  readonly #backlog: Backlog;
  /** How many messages may wait now: `max`, and those that came while the history was requested. */
  #most: number;
  #position: Position | undefined;
  #floor: Position | undefined;
  #isHeld = false;
  #isServing = false;
  #isGone = false;
  /** The error that `next` throws once, after all messages that wait were taken. */
  #error: Error | undefined;

  constructor(parts: SubscriptionQueueParts) {
    const { topic, options } = parts;
    const { overflow = "disconnect", max = 1_024, signal, onGap } = options;
    this.#parts = parts;
    this.#max = max;
    this.#most = max;
    this.#isDisconnecting = overflow === "disconnect";
    this.#past = new Backlog(topic, overflow, onGap !== undefined);
    this.#backlog = new Backlog(topic, overflow, onGap !== undefined);
    if (signal !== undefined) listenToAbort(signal, this.stop);
  }

  get isGone(): boolean {
    return this.#isGone;
  }

  get position(): Position | undefined {
    return this.#position;
  }

  /** Ends the queue at once, and drops the messages that wait. */
  readonly stop = (): void => {
    this.#past.clear();
    this.#backlog.clear();
    this.end();
  };

  deliver(message: Message, value: unknown): boolean {
    if (this.#isGone) return false;
    const { options, tally } = this.#parts;
    if (this.#isDisconnecting && this.#backlog.size >= this.#most) {
      this.#overflow();
      return false;
    }
    if (this.#backlog.append(message, value, keyOf(options, value))) {
      this.counters.coalesced += 1;
      tally.count("coalesced");
    }
    const dropped = this.#backlog.trim(this.#most);
    this.counters.dropped += dropped;
    tally.count("dropped", dropped);
    this.#serve();
    return false;
  }

  gap(gap: Gap): void {
    this.counters.gaps += 1;
    this.#backlog.gap(gap);
    this.#serve();
  }

  /** Ends the queue after the messages that wait were taken; with an error where one is given. */
  end(error?: Error): void {
    if (this.#isGone) return;
    this.#isGone = true;
    this.#isHeld = false;
    this.#error = error;
    this.#parts.options.signal?.removeEventListener("abort", this.stop);
    this.#parts.onLeave(this);
    this.#serve();
  }

  hold(): void {
    this.#isHeld = true;
    this.#most = this.#max + grace;
    this.#backlog.clear();
  }

  async replay(message: Message, value: unknown): Promise<void> {
    if (!this.#isGone && !message.isSkipped) this.#past.append(message, value);
  }

  missed(gap: Gap): void {
    this.counters.gaps += 1;
    this.#past.gap(gap);
  }

  release(floor: Position | undefined): void {
    this.#floor = floor;
    this.#isHeld = false;
    // The iterating code had no chance to take what came meanwhile, so that is not counted against it.
    this.#most = this.#max + this.#backlog.size;
    this.#serve();
  }

  skipTo(floor: Position | undefined): void {
    this.#floor = floor;
  }

  next(): Promise<IteratorResult<unknown, undefined>> {
    const next = new Promise<IteratorResult<unknown, undefined>>((resolve, reject) => {
      const fail = (error: Error): void => {
        next.catch(() => {});
        reject(error);
      };
      this.#waiters.push({ resolve, reject: fail });
    });
    this.#serve();
    return next;
  }

  #overflow(): void {
    this.#parts.tally.count("disconnected");
    this.end(
      new BroadcastError(
        "ERR_WS_SUBSCRIPTION_OVERFLOW",
        `subscribe: expected at most ${this.#max} messages of ${this.#parts.topic} to wait, got one more.` +
          " Likely mistake: work that takes longer than messages come in; choose another overflow, or a larger max.",
      ),
    );
  }

  /** Gives waiting callers what there is. The order is kept even if a listener of gaps calls `next`. */
  #serve(): void {
    if (this.#isServing || this.#isHeld) return;
    this.#isServing = true;
    while (this.#waiters.length > 0) {
      const next = this.#take();
      if (next === undefined) break;
      this.#give(next);
    }
    this.#isServing = false;
    if (this.#isGone) this.#dismiss();
  }

  #give({ message: { epoch, sequence }, value }: Waiting): void {
    this.#position = { epoch, sequence };
    this.counters.delivered += 1;
    this.#parts.tally.count("delivered");
    this.#waiters.shift()?.resolve({ done: false, value });
  }

  /** The next message that the consumer does not have yet. Gaps before it are reported first. */
  #take(): Waiting | undefined {
    const past = this.#past.shift();
    if (past !== undefined) return past;
    for (const gap of this.#past.takeGaps()) tell(this.#parts.options.onGap, gap);
    for (;;) {
      const next = this.#backlog.shift();
      for (const gap of next?.gaps ?? this.#backlog.takeGaps()) tell(this.#parts.options.onGap, gap);
      if (this.#backlog.size <= this.#max) this.#most = this.#max;
      if (next === undefined || !this.#isOld(next.message)) return next;
    }
  }

  /** Whether the consumer already has this message from the history. */
  #isOld({ epoch, sequence }: Message): boolean {
    const floor = this.#floor;
    if (floor?.epoch === epoch && sequence <= floor.sequence) return true;
    this.#floor = undefined;
    return false;
  }

  /** Nothing more comes: the waiting callers are told so, and the first of them gets the error. */
  #dismiss(): void {
    for (const { resolve, reject } of this.#waiters.splice(0)) {
      const error = this.#error;
      this.#error = undefined;
      if (error === undefined) resolve(ended);
      else reject(error);
    }
  }
}
