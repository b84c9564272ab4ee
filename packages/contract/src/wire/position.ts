/** Where in a topic a message stands. */
export interface Position {
  /** Which count the sequence belongs to: another one begins where a topic's history was lost. */
  readonly epoch: string;
  /** Counts from 1; 0 is before the first message. */
  readonly sequence: number;
}

/** A position as it travels: `<epoch>.<sequence>`. */
export function formatPosition({ epoch, sequence }: Position): string {
  return `${epoch}.${sequence}`;
}

/** The position of a text, which is split at its last dot; `undefined` for one that is none. */
export function parsePosition(at: string): Position | undefined {
  const dot = at.lastIndexOf(".");
  const digits = at.slice(dot + 1);
  const sequence = Number(digits);
  const isPosition =
    dot > 0 && Number.isSafeInteger(sequence) && sequence >= 0 && String(sequence) === digits;
  return isPosition ? { epoch: at.slice(0, dot), sequence } : undefined;
}
