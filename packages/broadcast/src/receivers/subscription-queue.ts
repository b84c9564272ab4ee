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

/** What a subscription queue is made of. */
export interface SubscriptionQueueParts {
  readonly topic: string;
  readonly options: SubscribeOptions<never>;
  readonly tally: Tally;
  readonly onLeave: (queue: SubscriptionQueue) => void;
}

/** Someone who waits in `next`. */
interface Waiter {
  readonly resolve: (result: IteratorResult<unknown, undefined>) => void;
  /** Nobody need await what `next` gave: that nothing more comes is counted, and no unhandled rejection. */
  readonly reject: (error: Error) => void;
}

/** As many messages more than `max` may wait while the history is asked for. */
const grace = 10_000;
const ended: IteratorResult<never, undefined> = { done: true, value: undefined };

/** What a subscription reads from: a queue between the topic and who iterates. */
export class SubscriptionQueue implements Receiver {
  readonly counters: ReceiverTally = new ReceiverTally();
  readonly #parts: SubscriptionQueueParts;
  readonly #max: number;
  readonly #isDisconnecting: boolean;
  readonly #waiters: Waiter[] = [];
  /** What came of the history, ahead of the rest. */
  readonly #past: Backlog;
  readonly #backlog: Backlog;
  /** As many may wait now: `max`, and what came while the history was asked for. */
  #most: number;
  #position: Position | undefined;
  #floor: Position | undefined;
  #isHeld = false;
  #isServing = false;
  #isGone = false;
  /** What `next` throws once, when all that waits was taken. */
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

  /** Ends at once: what waits is let go. */
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

  /** Ends when what waits was taken, by an error where there is one. */
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
    // Who iterates had no chance to take what came meanwhile.
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

  /** Gives those who wait what there is, in order also where somebody who is told of a gap asks for more. */
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

  /** The next message that the consumer does not have; tells what is missing before it. */
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

  /** Whether the consumer has this one already, from the history. */
  #isOld({ epoch, sequence }: Message): boolean {
    const floor = this.#floor;
    if (floor?.epoch === epoch && sequence <= floor.sequence) return true;
    this.#floor = undefined;
    return false;
  }

  /** Nothing more comes: who waits is told so, the first of them why. */
  #dismiss(): void {
    for (const { resolve, reject } of this.#waiters.splice(0)) {
      const error = this.#error;
      this.#error = undefined;
      if (error === undefined) resolve(ended);
      else reject(error);
    }
  }
}
