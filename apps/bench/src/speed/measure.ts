import type { Case } from "./case.js";
import { compare } from "./compare.js";
import type { Conditions } from "./conditions.js";
import type { ContenderName } from "./contenders.js";
import type { Sample } from "./sample.js";
import { weighAll } from "./weigh.js";

/** One round of a case, with fresh processes: what each contender cost, in their order. */
export async function measure(
  each: Case,
  contenders: readonly ContenderName[],
  conditions: Conditions,
): Promise<readonly (readonly [ContenderName, Sample])[]> {
  const samples = await (each.kind === "idle" ? weighAll : compare)(each, contenders, conditions);
  return contenders.flatMap((contender, at) => {
    const sample = samples[at];
    return sample === undefined ? [] : [[contender, sample] as const];
  });
}
