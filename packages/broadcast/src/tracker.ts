import type { Engine, Position } from "./engine.js";

/** As many epochs are remembered: those of publishers that come and go, or of a topic that began anew. */
const maxEpochs = 1_024;

/** A message that came before, or was told as missed. */
export const duplicate = "duplicate";

/** Messages that did not come, before one that did. */
export interface Hole {
  readonly reason: "lost" | "epoch";
  readonly missed: number | undefined;
  readonly after: Position | undefined;
}

interface Epoch {
  readonly name: string;
  sequence: number;
  /** Whether a jump is no news: there was an interruption, which was told. */
  isUnsure: boolean;
}

/** What has come of a topic, by epoch: tells a duplicate, and a hole. */
export class Tracker {
  readonly #order: Engine["order"];
  /** The one that was heard of last stands last. */
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

  /** Whether that message has come, or was told as missed. */
  has({ epoch, sequence }: Position): boolean {
    return sequence <= (this.#epochs.get(epoch)?.sequence ?? 0);
  }

  /** Takes note of a message; `undefined` where it is the next one, or the first. */
  accept(epoch: string, sequence: number): typeof duplicate | Hole | undefined {
    const current = this.#current;
    if (current !== undefined && current.name === epoch && sequence === current.sequence + 1) {
      current.sequence = sequence;
      current.isUnsure = false;
      return undefined;
    }
    return this.#judge(epoch, sequence);
  }

  /** What lies up to `head` was told of, or was before our time; where it is not known, any jump is. */
  skipTo(head: Position | undefined): void {
    if (head === undefined) {
      for (const epoch of this.#epochs.values()) epoch.isUnsure = true;
    } else {
      this.#enter(head.epoch, head.sequence);
    }
  }

  #judge(epoch: string, sequence: number): typeof duplicate | Hole | undefined {
    const known = this.#epochs.get(epoch);
    if (known !== undefined && sequence <= known.sequence) return duplicate;
    const hole = this.#holeBefore(epoch, sequence, known);
    this.#enter(epoch, sequence);
    return hole;
  }

  #holeBefore(epoch: string, sequence: number, known: Epoch | undefined): Hole | undefined {
    const before = this.#current;
    if (before === undefined || (known ?? before).isUnsure) return undefined;
    if (this.#order === "topic" && before.name !== epoch) {
      return { reason: "epoch", missed: undefined, after: this.last };
    }
    if (known === undefined || sequence === known.sequence + 1) return undefined;
    const after = { epoch, sequence: known.sequence };
    return { reason: "lost", missed: sequence - known.sequence - 1, after };
  }

  /** Makes that the position of the last message of an epoch, and that epoch the current one. */
  #enter(name: string, sequence: number): void {
    const epoch = this.#epochs.get(name) ?? { name, sequence: 0, isUnsure: false };
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
