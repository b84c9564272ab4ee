import type { Engine, Position } from "../engine/engine.js";

/** How many epochs are remembered: those of publishers that come and go, or of a topic that began anew. */
const maxEpochs = 1_024;

/** The message has come before, or was reported as missed. */
export const duplicate = "duplicate";

/** Messages that did not come before one that did. */
export interface SequenceGap {
  readonly reason: "lost" | "epoch";
  readonly missed: number | undefined;
  readonly after: Position | undefined;
}

interface Epoch {
  readonly name: string;
  sequence: number;
  /** Whether a jump is expected, because an interruption was reported. */
  isUnsure: boolean;
  /** Up to which sequence it was compared with its publisher. */
  compared: number;
}

/** The positions of a topic that have been seen, by epoch. It detects duplicates and gaps. */
export class Tracker {
  readonly #order: Engine["order"];
  /** The epochs, the most recently used last. */
  readonly #epochs = new Map<string, Epoch>();
  #current: Epoch | undefined;

  constructor(order: Engine["order"]) {
    this.#order = order;
  }

  /** The position of the message that came last. */
  get last(): Position | undefined {
    const current = this.#current;
    return current && { epoch: current.name, sequence: current.sequence };
  }

  /** Whether that message has come, or was reported as missed. */
  has({ epoch, sequence }: Position): boolean {
    return sequence <= (this.#epochs.get(epoch)?.sequence ?? 0);
  }

  /**
   * Records a message; `undefined` where it is the next one, or the first. A message with a gap before it is recorded only
   * if it is final.
   */
  accept(epoch: string, sequence: number, isFinal = true): typeof duplicate | SequenceGap | undefined {
    const current = this.#current;
    if (current !== undefined && current.name === epoch && sequence === current.sequence + 1) {
      current.sequence = sequence;
      current.isUnsure = false;
      return undefined;
    }
    return this.#judge(epoch, sequence, isFinal);
  }

  /** What is missing, given that the engine says that a topic or a publisher is at `head`. */
  missingBefore(head: Position): SequenceGap | undefined {
    const { epoch, sequence } = head;
    return this.has(head) ? undefined : this.#gapBefore(epoch, sequence + 1, this.#epochs.get(epoch));
  }

  /** The epochs with messages that have not been compared with their publisher yet. */
  uncompared(): readonly string[] {
    return [...this.#epochs.values()]
      .filter((epoch) => epoch.compared !== epoch.sequence)
      .map(({ name }) => name);
  }

  /** The publisher of an epoch was at that sequence. Without a sequence the publisher can no longer be asked. */
  compared(epoch: string, sequence?: number): void {
    const known = this.#epochs.get(epoch);
    if (known !== undefined) known.compared = sequence ?? known.sequence;
  }

  /** Everything up to `head` was reported, or came before our time. Where `head` is unknown, any jump is accepted. */
  skipTo(head: Position | undefined): void {
    if (head === undefined) {
      for (const epoch of this.#epochs.values()) epoch.isUnsure = true;
    } else {
      this.#enter(head.epoch, head.sequence);
    }
  }

  #judge(epoch: string, sequence: number, isFinal: boolean): typeof duplicate | SequenceGap | undefined {
    const known = this.#epochs.get(epoch);
    if (known !== undefined && sequence <= known.sequence) return duplicate;
    const gap = this.#gapBefore(epoch, sequence, known);
    if (isFinal || gap === undefined) this.#enter(epoch, sequence);
    return gap;
  }

  #gapBefore(epoch: string, sequence: number, known: Epoch | undefined): SequenceGap | undefined {
    const before = this.#current;
    if (before === undefined || (known ?? before).isUnsure) return undefined;
    if (this.#order === "topic" && before.name !== epoch) {
      return { reason: "epoch", missed: undefined, after: this.last };
    }
    if (known === undefined || sequence === known.sequence + 1) return undefined;
    const after = { epoch, sequence: known.sequence };
    return { reason: "lost", missed: sequence - known.sequence - 1, after };
  }

  /** Records the position of the last message of an epoch, and makes that epoch the current one. */
  #enter(name: string, sequence: number): void {
    const epoch = this.#epochs.get(name) ?? { name, sequence: 0, isUnsure: false, compared: 0 };
    epoch.sequence = Math.max(epoch.sequence, sequence);
    epoch.isUnsure = false;
    this.#epochs.delete(name);
    this.#epochs.set(name, epoch);
    this.#current = epoch;
    if (this.#epochs.size <= maxEpochs) return;
    const [oldest = name] = this.#epochs.keys();
    this.#epochs.delete(oldest);
  }
}
