import type { Delivery, History, Past, Position } from "../engine/engine.js";
import type { GapReason } from "../receivers/gap.js";
import type { BroadcastParts } from "./broadcast-parts.js";
import type { Tracker } from "./tracker.js";

/** How many messages of a topic are held. Above this number the older half is dropped, and is reported as a gap. */
const maxHeld = 10_000;

/** How long a message may still be on its way when the engine says that it was published, in ms. */
const onItsWay = 250;

/** What a recovery is made from. */
export interface RecoveryParts {
  readonly topic: string;
  readonly history: History | undefined;
  readonly shared: BroadcastParts;
  readonly tracker: Tracker;
  /** Whether positions belong to the topic, and not to each of its publishers. */
  readonly isTopics: boolean;
  /** Takes a message. If it is final, a gap before it is reported; otherwise the engine is asked first. */
  readonly accept: (delivery: Delivery, isFinal: boolean) => void;
  readonly gap: (reason: GapReason, missed: number | undefined, after: Position | undefined) => void;
  readonly poisoned: () => void;
}

/**
 * Finds what a topic has missed, reads it from the history where there is one, and reports the rest as a gap. It starts
 * after the engine was away, when there is a hole before a message, and when the engine's position is ahead of ours.
 * Messages that come meanwhile are held here, and nowhere else, so that their number is bounded.
 */
export class Recovery {
  readonly #parts: RecoveryParts;
  /** Whether the engine can be asked for a topic's position. If not, every hole is believed at once. */
  readonly canAsk: boolean;
  /** The messages that came meanwhile; `undefined` while no message has to wait. */
  #held: Delivery[] | undefined;
  /** The number of the current request: an answer that comes after another interruption is ignored. */
  #asking = 0;
  /** Whether everybody has left the topic. If it is joined again, it gets a new recovery. */
  #isOver = false;

  constructor(parts: RecoveryParts) {
    this.#parts = parts;
    this.canAsk = parts.shared.link.engine.head !== undefined;
  }

  /** Whether a message has to wait for those before it. If so, it is kept here. */
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

  /** The subscription is complete again. `head` is the topic's position, where that is known. */
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
   * Checks a message that has a hole before it or begins another epoch. The engine is asked for the topic's position: a
   * message beyond it was forged, and missing messages are read from the history.
   */
  doubt(delivery: Delivery): void {
    this.#held = [delivery];
    void this.#settle(delivery.epoch);
  }

  /**
   * The engine has told the position of a topic or of a publisher. Messages up to it that do not come within a moment are
   * lost.
   */
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
    // Messages of the same turn are checked together.
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

  /** The messages that are held now; where positions belong to the publishers, only those of that epoch. */
  #suspects(epoch?: string): ReadonlySet<Delivery> {
    const isAll = epoch === undefined || this.#parts.isTopics;
    return new Set(isAll ? this.#waiting : this.#waiting.filter((delivery) => delivery.epoch === epoch));
  }

  /** Drops the messages that came before the engine was asked and are beyond its answer: nobody published them. */
  #dropForged(suspects: ReadonlySet<Delivery>, head: Position): void {
    const { tracker, poisoned } = this.#parts;
    const isForged = ({ epoch, sequence }: Delivery): boolean =>
      epoch === head.epoch ? sequence > head.sequence : epoch !== tracker.last?.epoch;
    const isDropped = (delivery: Delivery): boolean => suspects.has(delivery) && isForged(delivery);
    const held = this.#waiting;
    this.#held = held.filter((delivery) => !isDropped(delivery));
    for (const delivery of held) if (isDropped(delivery)) poisoned();
  }

  /** Reads the missing messages up to this position from the history; false where the request is no longer current. */
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
    // If the engine is away or too slow, every hole is believed.
    return await shared.link.engine
      .head?.(topic, epoch, history, shared.deadlines.signal)
      .catch(() => undefined);
  }

  async #past(last: Position, history: History): Promise<Past> {
    const { topic, shared } = this.#parts;
    try {
      return await shared.link.engine.past(topic, last, history, shared.deadlines.signal);
    } catch {
      // The engine is away or too slow again, so what was missed is reported as a gap.
      return { recovered: false };
    }
  }

  /** Reports what may have been missed, up to the first message that has come since. */
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

  /** Passes on the messages that were held. Those in `settled` are not checked again. */
  #release(settled: ReadonlySet<Delivery>): void {
    const held = this.#waiting;
    this.#held = undefined;
    for (const delivery of held) {
      // If one of them has to be checked, those behind it wait for the answer.
      if (this.holds(delivery)) continue;
      if (!this.#parts.tracker.has(delivery)) this.#parts.accept(delivery, settled.has(delivery));
    }
  }
}
