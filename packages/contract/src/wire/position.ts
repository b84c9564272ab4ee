/** The position of a message in its topic. */
export interface Position {
  /** The count to which the sequence belongs. Another epoch begins where the history of a topic was lost. */
  readonly epoch: string;
  /** Counts from 1; 0 is before the first message. */
  readonly sequence: number;
}

/** A position as text: `<epoch>.<sequence>`. */
export function formatPosition({ epoch, sequence }: Position): string {
  return `${epoch}.${sequence}`;
}

/** Reads the position in a text, which is split at its last dot; `undefined` for any other text. */
export function parsePosition(at: string): Position | undefined {
  const dot = at.lastIndexOf(".");
  const digits = at.slice(dot + 1);
  const sequence = Number(digits);
  const isPosition =
    dot > 0 && Number.isSafeInteger(sequence) && sequence >= 0 && String(sequence) === digits;
  return isPosition ? { epoch: at.slice(0, dot), sequence } : undefined;
}
