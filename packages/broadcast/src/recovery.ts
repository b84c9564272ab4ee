import type { BroadcastParts } from "./broadcast-parts.js";
import type { Delivery, History, Past, Position } from "./engine.js";
import type { GapReason } from "./gap.js";
import type { Tracker } from "./tracker.js";

/** As many messages of a topic are held; above, the older half goes, and shows as a hole. */
const maxHeld = 10_000;

/** What a recovery is made of. */
export interface RecoveryParts {
  readonly topic: string;
  readonly history: History | undefined;
  readonly shared: BroadcastParts;
  readonly tracker: Tracker;
  readonly accept: (delivery: Delivery) => void;
  readonly gap: (reason: GapReason, missed: number | undefined, after: Position | undefined) => void;
}

/**
 * Makes good what a topic missed while the engine was away, as far as its history goes, and tells of the rest. Until it
 * has, what comes has to wait; nowhere else does it, so that it is bounded.
 */
export class Recovery {
  readonly #parts: RecoveryParts;
  /** What came since the interruption; `undefined` while there is none. */
  #held: Delivery[] | undefined;
  /** The asking that counts: an answer that comes after another interruption is none. */
  #asking = 0;

  constructor(parts: RecoveryParts) {
    this.#parts = parts;
  }

  /** Whether a message has to wait for those before it; then it is kept here. */
  holds(delivery: Delivery): boolean {
    const held = this.#held;
    if (held === undefined) return false;
    held.push(delivery);
    if (held.length > maxHeld) held.splice(0, held.length / 2);
    return true;
  }

  interrupted(): void {
    this.#asking += 1;
    this.#held ??= [];
  }

  /** The subscription is whole again. `head` is where the topic stands, where that is known. */
  resumed(head: Position | undefined): void {
    const { tracker, history } = this.#parts;
    const { last } = tracker;
    if (head !== undefined && tracker.has(head) && head.epoch === last?.epoch) this.#release();
    else if (history === undefined || last === undefined) this.#missed(last, head);
    else void this.#recover(last, head, history);
  }

  end(): void {
    this.#asking += 1;
    this.#held = undefined;
  }

  async #recover(last: Position, head: Position | undefined, history: History): Promise<void> {
    this.#held ??= [];
    this.#asking += 1;
    const asking = this.#asking;
    const past = await this.#past(last, history);
    if (asking !== this.#asking) return;
    if (!past.recovered) {
      this.#missed(last, head);
      return;
    }
    for (const delivery of past.deliveries) this.#parts.accept(delivery);
    this.#release();
  }

  async #past(last: Position, history: History): Promise<Past> {
    const { topic, shared } = this.#parts;
    try {
      return await shared.link.engine.past(topic, last, history, shared.deadlines.signal);
    } catch {
      // Away again, or too slow: what was missed is told as such.
      return { recovered: false };
    }
  }

  /** Tells what may have been missed, up to the first message that came since. */
  #missed(last: Position | undefined, head: Position | undefined): void {
    const { tracker, gap } = this.#parts;
    const first = this.#held?.find(({ epoch }) => epoch === head?.epoch);
    const isInHand = first !== undefined && head !== undefined && first.sequence <= head.sequence;
    const until = isInHand ? { epoch: first.epoch, sequence: first.sequence - 1 } : head;
    const isCounted = until !== undefined && until.epoch === last?.epoch;
    gap("interrupted", isCounted ? until.sequence - last.sequence : undefined, last);
    tracker.skipTo(until);
    this.#release();
  }

  #release(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const delivery of held) if (!this.#parts.tracker.has(delivery)) this.#parts.accept(delivery);
  }
}
