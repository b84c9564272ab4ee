import type { Delivery, History, Past, Position } from "../engine/engine.js";
import type { GapReason } from "../receivers/gap.js";
import type { BroadcastParts } from "./broadcast-parts.js";
import type { Tracker } from "./tracker.js";

/** As many messages of a topic are held; above, the older half goes, and shows as a hole. */
const maxHeld = 10_000;

/** How long a message may be on its way when the engine says that it was published already, in ms. */
const onItsWay = 250;

/** What a recovery is made of. */
export interface RecoveryParts {
  readonly topic: string;
  readonly history: History | undefined;
  readonly shared: BroadcastParts;
  readonly tracker: Tracker;
  /** Whether positions are the topic's, and not each publisher's own. */
  readonly isTopics: boolean;
  /** Takes a message; where it is final, a hole before it is told, and else it is doubted first. */
  readonly accept: (delivery: Delivery, isFinal: boolean) => void;
  readonly gap: (reason: GapReason, missed: number | undefined, after: Position | undefined) => void;
  readonly poisoned: () => void;
}

/**
 * Makes good what a topic missed, as far as its history goes, and tells of the rest: after the engine was away, where
 * there is a hole before a message, and where the engine stands further than we do. Until it has, what comes has to
 * wait; nowhere else does it, so that it is bounded.
 */
export class Recovery {
  readonly #parts: RecoveryParts;
  /** Whether the engine can be asked where a topic stands; without it every hole is believed at once. */
  readonly canAsk: boolean;
  /** What came meanwhile; `undefined` while nothing has to wait. */
  #held: Delivery[] | undefined;
  /** The asking that counts: an answer that comes after another interruption is none. */
  #asking = 0;
  /** Everybody has left the topic: whoever joins it again has a recovery of his own. */
  #isOver = false;

  constructor(parts: RecoveryParts) {
    this.#parts = parts;
    this.canAsk = parts.shared.link.engine.head !== undefined;
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
    this.#asking += 1;
    if (head !== undefined && tracker.has(head) && head.epoch === last?.epoch)
      this.#release(this.#suspects());
    else if (history === undefined || last === undefined) this.#missed(last, head);
    else void this.#recover(last, head, history);
  }

  /**
   * There is a hole before a message, or it begins another epoch. The engine is asked where the topic stands: what stands
   * beyond that was forged, and what is missing is read from the history.
   */
  doubt(delivery: Delivery): void {
    this.#held = [delivery];
    void this.#settle(delivery.epoch);
  }

  /** The engine says that a topic, or a publisher, stands there: what did not come in a moment is lost. */
  async compare(head: Position): Promise<void> {
    const { tracker, shared } = this.#parts;
    if (this.#isOver) return;
    const asking = this.#asking;
    const isBehind = (): boolean =>
      asking === this.#asking && this.#held === undefined && tracker.missingBefore(head) !== undefined;
    if (!isBehind()) return;
    await shared.link.pause(onItsWay);
    if (!isBehind()) return;
    this.#held = [];
    if (!(await this.#readUpTo(head))) return;
    const hole = tracker.missingBefore(head);
    if (hole !== undefined) {
      this.#parts.gap(hole.reason, hole.missed, hole.after);
      tracker.skipTo(head);
    }
    this.#release(new Set());
  }

  end(): void {
    this.#isOver = true;
    this.#asking += 1;
    this.#held = undefined;
  }

  get #waiting(): readonly Delivery[] {
    return this.#held ?? [];
  }

  async #recover(last: Position, head: Position | undefined, history: History): Promise<void> {
    this.#held ??= [];
    const asking = this.#asking;
    const past = await this.#past(last, history);
    if (asking !== this.#asking) return;
    if (!past.recovered) {
      this.#missed(last, head);
      return;
    }
    for (const delivery of past.deliveries) this.#parts.accept(delivery, true);
    this.#release(this.#suspects());
  }

  async #settle(epoch: string): Promise<void> {
    this.#asking += 1;
    const asking = this.#asking;
    // What came in the same turn is asked about at once.
    await undefined;
    if (asking !== this.#asking) return;
    const suspects = new Set(this.#suspects(epoch));
    const head = await this.#head(epoch);
    if (asking !== this.#asking) return;
    if (head !== undefined) {
      this.#dropForged(suspects, head);
      if (!(await this.#readUpTo(head))) return;
    }
    this.#release(suspects);
  }

  /** Those that are held now; where positions are the publishers', of that epoch alone. */
  #suspects(epoch?: string): ReadonlySet<Delivery> {
    const isAll = epoch === undefined || this.#parts.isTopics;
    return new Set(isAll ? this.#waiting : this.#waiting.filter((delivery) => delivery.epoch === epoch));
  }

  /** Drops what came before the engine was asked and stands beyond its answer: nobody published it. */
  #dropForged(suspects: ReadonlySet<Delivery>, head: Position): void {
    const { tracker, poisoned } = this.#parts;
    const isForged = ({ epoch, sequence }: Delivery): boolean =>
      epoch === head.epoch ? sequence > head.sequence : epoch !== tracker.last?.epoch;
    const isDropped = (delivery: Delivery): boolean => suspects.has(delivery) && isForged(delivery);
    const held = this.#waiting;
    this.#held = held.filter((delivery) => !isDropped(delivery));
    for (const delivery of held) if (isDropped(delivery)) poisoned();
  }

  /** Takes what is missing up to there from the history; false where this is no longer what counts. */
  async #readUpTo(head: Position): Promise<boolean> {
    const { tracker, history } = this.#parts;
    const { last } = tracker;
    const isKept = history !== undefined && last?.epoch === head.epoch && last.sequence < head.sequence;
    if (!isKept) return true;
    const asking = this.#asking;
    const past = await this.#past(last, history);
    if (asking !== this.#asking) return false;
    if (past.recovered) for (const delivery of past.deliveries) this.#parts.accept(delivery, true);
    return true;
  }

  async #head(epoch: string): Promise<Position | undefined> {
    const { topic, history, shared } = this.#parts;
    // Away, or too slow: then every hole is believed.
    return await shared.link.engine
      .head?.(topic, epoch, history, shared.deadlines.signal)
      .catch(() => undefined);
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
    this.#release(this.#suspects());
  }

  /** Takes what was held; of that, what is settled is not doubted again. */
  #release(settled: ReadonlySet<Delivery>): void {
    const held = this.#waiting;
    this.#held = undefined;
    for (const delivery of held) {
      // One of them is doubted: those behind it wait for its answer.
      if (this.holds(delivery)) continue;
      if (!this.#parts.tracker.has(delivery)) this.#parts.accept(delivery, settled.has(delivery));
    }
  }
}
