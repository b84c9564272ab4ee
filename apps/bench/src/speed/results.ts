import type { Case } from "./case.js";
import { type ContenderName, control } from "./contenders.js";
import type { Sample } from "./sample.js";
import { type Summary, summarize } from "./statistics.js";

/** What was measured of one contender in one case. */
export interface Entry {
  readonly each: Case;
  readonly contender: ContenderName;
  readonly samples: readonly Sample[];
  readonly summary: Summary;
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
    if (samples === undefined) return undefined;
    return { each, contender, samples, summary: summarize(samples.map(({ value }) => value)) };
  }

  /** How many times as cheap as the control; undefined where one of both is missing. */
  ratio(each: Case, contender: ContenderName): number | undefined {
    const own = this.entry(each, contender);
    const base = this.entry({ ...each, name: each.control ?? each.name }, control);
    return own && base && base.summary.median / own.summary.median;
  }
}
