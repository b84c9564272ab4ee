import { quantile } from "../../rig/statistics.js";
import type { Case } from "../case.js";
import type { ContenderName } from "../contenders.js";
import type { Sample } from "../measure/sample.js";

/** What was measured of one contender in one case. */
export interface Entry {
  /** One a round. */
  readonly samples: readonly Sample[];
  /** The median of the rounds. */
  readonly value: number;
  /** How many times as cheap as the control, the median of the rounds; undefined where that took no part. */
  readonly ratio: number | undefined;
  /** Of the ratios of all turns of all rounds. */
  readonly quartiles: readonly [lower: number, upper: number];
}

/** Several rounds of one contender in one case. */
export function summarize(samples: readonly Sample[]): Entry {
  const values = samples.map(({ value }) => value);
  const ratios = samples.flatMap(({ ratio }) => ratio ?? []);
  const turns = samples.flatMap((sample) => sample.ratios);
  return {
    samples,
    value: quantile(values, 0.5),
    ratio: ratios.length === 0 ? undefined : quantile(ratios, 0.5),
    quartiles: [quantile(turns, 0.25), quantile(turns, 0.75)],
  };
}

/** All that was measured. */
export class Results {
  readonly #samples = new Map<string, Sample[]>();
  readonly #reasons = new Set<string>();

  add(each: Case, contender: ContenderName, sample: Sample): void {
    const key = `${each.name} ${contender}`;
    const samples = this.#samples.get(key);
    if (samples === undefined) this.#samples.set(key, [sample]);
    else samples.push(sample);
  }

  /** Says why something could not be measured, or only in part. */
  remark(reason: string): void {
    this.#reasons.add(reason);
  }

  get reasons(): readonly string[] {
    return [...this.#reasons];
  }

  entry(each: Case, contender: ContenderName): Entry | undefined {
    const samples = this.#samples.get(`${each.name} ${contender}`);
    return samples && summarize(samples);
  }
}
