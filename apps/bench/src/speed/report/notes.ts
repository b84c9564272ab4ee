import { quantile } from "../../rig/statistics.js";
import { formatNumber } from "../../rig/table.js";
import type { Case } from "../case.js";
import { type ContenderName, ours } from "../contenders.js";
import type { Results } from "./results.js";

/** The median of a detail over the rounds; NaN where it wasn't seen. */
function detailOf(results: Results, each: Case, contender: ContenderName, name: string): number {
  const samples = results.entry(each, contender)?.samples ?? [];
  return quantile(
    samples.map(({ details }) => details[name] ?? Number.NaN),
    0.5,
  );
}

/** What disturbed: a load that had less to spare than the server, so that no saturated server was measured; others. */
function loadNotes(
  results: Results,
  cases: readonly Case[],
  contenders: readonly ContenderName[],
): readonly string[] {
  let most = 0;
  let strangers = 0;
  const notes: string[] = [];
  for (const each of cases) {
    for (const contender of contenders) {
      const load = detailOf(results, each, contender, "loadShare");
      const server = detailOf(results, each, contender, "serverShare");
      const others = detailOf(results, each, contender, "otherShare");
      if (load > most) most = load;
      if (others > strangers) strangers = others;
      if (!(load > 0.9 && server < 0.9)) continue;
      const shares = `load ${Math.round(load * 100)} %, server ${Math.round(server * 100)} %`;
      notes.push(`The load was the bottleneck in ${each.name} of ${contender}: ${shares}.`);
    }
  }
  if (strangers > 0.1) {
    notes.push(
      `Other processes took up to ${Math.round(strangers * 100)} % of a core: the machine was not quiet.`,
    );
  }
  return [`The load used at most ${Math.round(most * 100)} % of its core.`, ...notes];
}

/** Who was cheaper than the whole stack, but for its bare form. */
function aheadNotes(
  results: Results,
  cases: readonly Case[],
  contenders: readonly ContenderName[],
): readonly string[] {
  const others = contenders.filter((contender) => contender !== ours && contender !== "ws-app");
  return cases.flatMap((each) => {
    const own = results.entry(each, ours)?.value ?? 0;
    const ahead = others.filter((other) => (results.entry(each, other)?.value ?? own) < own);
    return ahead.length === 0 ? [] : [`Ahead of ${ours} in ${each.name}: ${ahead.join(", ")}.`];
  });
}

function memoryNotes(
  results: Results,
  cases: readonly Case[],
  contenders: readonly ContenderName[],
): readonly string[] {
  return cases
    .filter(({ figure }) => figure === "memory")
    .map((each) => {
      const held = contenders
        .map((name) => `${name} ${formatNumber(detailOf(results, each, name, "held"))}`)
        .join(", ");
      const count = detailOf(results, each, contenders[0] ?? ours, "connections");
      return `Memory is RSS, over ${count.toLocaleString("en-US")} connections; heap and buffers alone, in KiB: ${held}.`;
    });
}

/** Why sums, and not the median of the windows. */
const sums =
  "A figure is all CPU time over all messages of the windows, none dropped: a collection of garbage is part of the cost, and a median could hide it.";

/** What is to be said beneath the table. */
export function notesOn(
  results: Results,
  cases: readonly Case[],
  contenders: readonly ContenderName[],
): readonly string[] {
  return [
    sums,
    ...loadNotes(results, cases, contenders),
    ...memoryNotes(results, cases, contenders),
    ...results.reasons,
    ...aheadNotes(results, cases, contenders),
  ];
}
