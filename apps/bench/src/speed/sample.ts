/** One measurement, by one server of one contender. */
export interface Sample {
  /** In the unit of the case's figure: µs, or KiB. */
  readonly value: number;
  /** What else was seen. */
  readonly details: Readonly<Record<string, number>>;
}
