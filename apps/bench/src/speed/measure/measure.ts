import type { Case } from "../case.js";
import type { ContenderName } from "../contenders.js";
import { compare } from "./compare.js";
import type { Conditions } from "./conditions.js";
import { measureMemory } from "./measure-memory.js";
import type { Sample } from "./sample.js";

/** One round of a case, with fresh processes: what each contender cost, in their order. */
export async function measure(
  each: Case,
  contenders: readonly ContenderName[],
  conditions: Conditions,
): Promise<readonly (readonly [ContenderName, Sample])[]> {
  const samples = await (each.kind === "idle" ? measureMemory : compare)(each, contenders, conditions);
  return contenders.flatMap((contender, at) => {
    const sample = samples[at];
    return sample === undefined ? [] : [[contender, sample] as const];
  });
}
