import { type Summary, summarize } from "../../rig/statistics.js";
import type { Sample, Verdict } from "../measure.js";
import { type ContenderName, keyOf, type Setup } from "../setup.js";
import type { Row } from "./rows.js";

/** All that was measured. */
export class Results {
  readonly #samples = new Map<string, Sample[]>();
  readonly verdicts: Verdict[] = [];
  /** Bytes a member. */
  readonly weights: Map<ContenderName, number> = new Map();
  /** Why something could not be measured. */
  readonly remarks: string[] = [];

  add(setup: Setup, sample: Sample): void {
    this.#samples.set(keyOf(setup), [...this.samples(setup), sample]);
  }

  samples(setup: Setup): readonly Sample[] {
    return this.#samples.get(keyOf(setup)) ?? [];
  }

  get all(): readonly Sample[] {
    return [...this.#samples.values()].flat();
  }

  /** Deliveries per CPU second over the rounds; undefined where nothing was measured. */
  summary(setup: Setup): Summary | undefined {
    const samples = this.samples(setup);
    return samples.length === 0 ? undefined : summarize(samples.map(({ perCpuSecond }) => perCpuSecond));
  }

  /** How many times the other's; undefined where one of both is missing. */
  ratio({ own, other }: Row): number | undefined {
    const [ours, theirs] = [this.summary(own), this.summary(other)];
    return ours && theirs && ours.median / theirs.median;
  }
}
