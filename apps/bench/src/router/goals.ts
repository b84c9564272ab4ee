import type { Timing } from "./measure.js";

/** What one contender took in one case. */
export interface Row {
  readonly kind: string;
  readonly size: number;
  readonly contender: string;
  readonly timing: Timing;
}

/** What was to be reached: `figure` at most `bound`. */
export interface Goal {
  readonly name: string;
  readonly figure: number;
  readonly bound: number;
}

/** Our own median in parts of another's. */
function ratio(rows: readonly Row[], own: Partial<Row>, other: Partial<Row>): number {
  const median = (wanted: Partial<Row>): number =>
    rows.find(
      ({ kind, size, contender }) =>
        kind === wanted.kind && size === wanted.size && contender === wanted.contender,
    )?.timing.median ?? Number.NaN;
  return median(own) / median(other);
}

/** With ten thousand routes at most twice as slow as with ten; nowhere slower than the rivals. */
export function goalsOf(rows: readonly Row[], contender: string, rivals: readonly string[]): Goal[] {
  const kinds = [...new Set(rows.map(({ kind }) => kind))];
  const sizes = [...new Set(rows.map(({ size }) => size))];
  const few = Math.min(...sizes);
  const many = Math.max(...sizes);
  const growth = kinds.map((kind) => ({
    name: `${kind}: ${many} routes ÷ ${few} routes`,
    figure: ratio(rows, { kind, size: many, contender }, { kind, size: few, contender }),
    bound: 2,
  }));
  const beside = rivals.flatMap((rival) =>
    kinds.flatMap((kind) =>
      sizes.map((size) => ({
        name: `${kind}, ${size} routes: ÷ ${rival}`,
        figure: ratio(rows, { kind, size, contender }, { kind, size, contender: rival }),
        bound: 1,
      })),
    ),
  );
  return [...growth, ...beside];
}

export const isMet = ({ figure, bound }: Goal): boolean => figure <= bound;
