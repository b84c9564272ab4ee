import type { Case } from "./case.js";
import type { Conditions } from "./conditions.js";
import type { ContenderName } from "./contenders.js";
import { type Field, withField } from "./field.js";
import type { Sample } from "./sample.js";
import { controlAmong, participantsOf } from "./servers.js";
import { orderOf, sampleOf, turnsIn, type Window } from "./windows.js";

/** All side by side: each is warmed up, then they are under load in short turns. */
export async function compare(
  each: Case,
  contenders: readonly ContenderName[],
  conditions: Conditions,
): Promise<readonly Sample[]> {
  const participants = participantsOf(each, contenders);
  const count = Math.min(each.connections, Math.floor(conditions.maxConnections / participants.length));
  return await withField(participants, each, conditions, async (field) => {
    for (const at of participants.keys()) {
      if (each.kind !== "connect") await field.open(at, count);
      await warmUp(field, at, each, conditions);
    }
    const windows = await takeTurns(field, participants.length, each.window, conditions.span);
    const control = windows[controlAmong(participants)];
    return windows.map((own) => sampleOf(own, control, each.figure));
  });
}

async function warmUp(field: Field, at: number, each: Case, { warm }: Conditions): Promise<void> {
  let messages = 0;
  do messages += (await field.run(at, warm)).messages;
  while (messages < each.warmUp);
}

/** The windows of each, one a turn. */
async function takeTurns(
  field: Field,
  count: number,
  length: number,
  span: number,
): Promise<readonly (readonly Window[])[]> {
  const windows: Window[][] = Array.from({ length: count }, () => []);
  for (let turn = 0; turn < turnsIn(span, length); turn += 1) {
    for (const at of orderOf([...windows.keys()], turn)) {
      windows[at]?.push(await field.measure(at, length));
    }
  }
  return windows;
}
