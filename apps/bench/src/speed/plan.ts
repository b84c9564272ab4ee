import type { Case } from "./case.js";
import { cases } from "./cases.js";
import { type ContenderName, control } from "./contenders.js";

/** One measurement to make. */
export interface Step {
  readonly round: number;
  readonly contender: ContenderName;
  readonly each: Case;
}

/** In every round each case once with each contender, in another order; and the controls that cases lean on. */
export function plan(
  chosen: readonly Case[],
  contenders: readonly ContenderName[],
  rounds: number,
): readonly Step[] {
  const steps: Step[] = [];
  const leantOn = cases.filter(
    ({ name }) => !chosen.some((each) => each.name === name) && chosen.some((each) => each.control === name),
  );
  for (let round = 0; round < rounds; round += 1) {
    const turn = round % contenders.length;
    const order = [...contenders.slice(turn), ...contenders.slice(0, turn)];
    if (contenders.includes(control)) {
      for (const each of leantOn) steps.push({ round, contender: control, each });
    }
    for (const each of chosen) for (const contender of order) steps.push({ round, contender, each });
  }
  return steps;
}
