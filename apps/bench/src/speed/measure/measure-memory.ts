import type { Case } from "../case.js";
import type { ContenderName } from "../contenders.js";
import { controlAmong, participantsOf } from "../servers.js";
import type { Conditions } from "./conditions.js";
import { type Rig, withRig } from "./rig.js";
import type { Sample } from "./sample.js";

/** One after another: what an open connection takes. */
export async function measureMemory(
  each: Case,
  contenders: readonly ContenderName[],
  conditions: Conditions,
): Promise<readonly Sample[]> {
  const count = Math.min(each.connections, conditions.maxConnections);
  const participants = participantsOf(each, contenders);
  const seen: Readonly<Record<"rss" | "held", number>>[] = [];
  for (const participant of participants) {
    seen.push(await withRig([participant], each, conditions, (rig) => measureOnce(rig, count)));
  }
  const control = seen[controlAmong(participants)];
  return seen.map(({ rss, held }) => {
    const ratio = control && control.rss / rss;
    return {
      value: rss,
      ratio,
      ratios: ratio === undefined ? [] : [ratio],
      details: { rss, held, connections: count },
    };
  });
}

/** KiB per connection. */
async function measureOnce(rig: Rig, count: number): Promise<Readonly<Record<"rss" | "held", number>>> {
  // So that what is loaded and compiled once is there before.
  await rig.open(0, 500);
  await rig.close(0);
  const before = await rig.memory(0);
  await rig.open(0, count);
  const after = await rig.memory(0);
  const perConnection = (bytes: number): number => bytes / count / 1_024;
  return { rss: perConnection(after.rss - before.rss), held: perConnection(after.held - before.held) };
}
