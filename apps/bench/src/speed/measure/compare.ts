import { orderOf, turnsIn } from "../../rig/turns.js";
import type { Case } from "../case.js";
import type { ContenderName } from "../contenders.js";
import { controlAmong, participantsOf } from "../servers.js";
import type { Conditions } from "./conditions.js";
import { type Rig, withRig } from "./rig.js";
import type { Sample } from "./sample.js";
import { sampleOf, type Window } from "./windows.js";

/** All side by side: each is warmed up, then they are under load in short turns. */
export async function compare(
  each: Case,
  contenders: readonly ContenderName[],
  conditions: Conditions,
): Promise<readonly Sample[]> {
  const participants = participantsOf(each, contenders);
  const count = Math.min(each.connections, Math.floor(conditions.maxConnections / participants.length));
  return await withRig(participants, each, conditions, async (rig) => {
    for (const at of participants.keys()) {
      if (each.kind !== "connect") await rig.open(at, count);
      await warmUp(rig, at, each, conditions);
    }
    const windows = await takeTurns(rig, participants.length, each.window, conditions.span);
    const control = windows[controlAmong(participants)];
    return windows.map((own) => sampleOf(own, control, each.figure));
  });
}

async function warmUp(rig: Rig, at: number, each: Case, { warm }: Conditions): Promise<void> {
  let messages = 0;
  do messages += (await rig.run(at, warm)).messages;
  while (messages < each.warmUp);
}

/** The windows of each, one a turn. */
async function takeTurns(
  rig: Rig,
  count: number,
  length: number,
  span: number,
): Promise<readonly (readonly Window[])[]> {
  const windows: Window[][] = Array.from({ length: count }, () => []);
  for (let turn = 0; turn < turnsIn(span, length); turn += 1) {
    for (const at of orderOf([...windows.keys()], turn)) {
      windows[at]?.push(await rig.measure(at, length));
    }
  }
  return windows;
}
