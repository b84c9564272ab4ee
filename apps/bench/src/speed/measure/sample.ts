/** What one server of one contender was seen to cost. */
export interface Sample {
  /** In the unit of the case's figure: µs, or KiB. */
  readonly value: number;
  /** How many times as cheap as the control beside it; undefined where that took no part. */
  readonly ratio: number | undefined;
  /** The same turn by turn. */
  readonly ratios: readonly number[];
  /** What else was seen. */
  readonly details: Readonly<Record<string, number>>;
}
