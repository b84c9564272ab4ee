import { writeFileSync } from "node:fs";
import { writeJson } from "../../rig/json.js";
import { describeMachine } from "../../rig/machine.js";
import type { Case } from "../case.js";
import { measuredPackages } from "../contenders.js";
import type { Options } from "../options.js";
import { drawChart } from "./chart.js";
import type { Results } from "./results.js";
import { speedTable, spreadTable } from "./table.js";

/** All that was measured, in one file. */
export function writeFigures(
  { json, cases, contenders, rounds, warm, span, source }: Options,
  results: Results,
  notes: readonly string[],
): void {
  const entries = cases.flatMap((each) =>
    contenders.map((contender) => ({
      case: each.name,
      title: each.title,
      contender,
      figure: each.figure,
      goal: each.goal,
      ...results.entry(each, contender),
    })),
  );
  writeJson(json, measuredPackages, { rounds, warm, span, source, notes, entries });
}

/** Whether the chart has it; the others vary it. */
function isCharted({ isQuick, bufferutil, kind, work }: Case): boolean {
  return (isQuick && !bufferutil) || kind === "idle" || work === "json";
}

function howMeasured({ rounds, warm, span, source, cases }: Options): string {
  const lengths = [...new Set(cases.map(({ window }) => window))]
    .sort((one, other) => one - other)
    .join(", ");
  return `For each case all servers run at once, fresh, each in a process of its own, all on one core; one process of load holds
connections to all of them, on another core (pinned where \`taskset\` exists). Each server is warmed up for at least ${warm} ms
and as many messages as V8 needs to compile it. Then they take turns, in another order each time, with windows
of ${lengths} ms, as the case needs to hold enough messages, until each has had ${span} ms. One server is under load while the
others idle. A window ends when all that was under way has come back; the server itself tells its CPU time before and
after. So what a noisy machine does meets all of them alike: the shorter the windows, the steadier the ratios. That is a
round; of ${rounds}, with fresh processes, the median counts.

A figure is CPU time of the server's process, user and system, per message that was sent back or sent out: the sum of all
windows over all their messages. It is per cycle for connect–echo–close, and the mean round trip where there is one
connection. Behind it stands the ratio to bare \`ws\` beside it, of the same sums, above 1 is cheaper; ± is half of what lies
between the quartiles of the ratios that the single turns gave, of all rounds. With \`bufferutil\` the ratio is to bare \`ws\`
without, which runs as one more. Memory is what an idle connection takes, in a fresh server of each contender, one after
another, and how many times as much as of bare \`ws\`. \`@ws\` runs from its ${source ? "source" : "build"}, with every default on. In the JSON case ws-stack
validates both ways, the others what they receive. Every connection's first message is compared byte by byte, all others by
header and length.`;
}

/** `RESULTS.md` and its chart, beside the package's sources. */
export function writeReport(options: Options, results: Results, notes: readonly string[]): void {
  const { cases, contenders } = options;
  const { date, cpu, cores, memory, node, versions } = describeMachine(measuredPackages);
  const packages = Object.entries(versions)
    .map(([name, version]) => `${name} ${version}`)
    .join(", ");
  const text = `# Speed

Written by \`pnpm bench --write\` on ${date}: ${cpu}, ${cores} cores, ${memory} GiB, Node ${node.slice(1)}; ${packages}.

![Ratios to bare ws](results.svg)

${speedTable(results, cases, contenders)}

${notes.map((note) => `- ${note}`).join("\n")}

## Quartiles of the ratios, turn by turn

${spreadTable(results, cases, contenders)}

## How it was measured

${howMeasured(options)}

\`\`\`sh
pnpm bench --quick                                  # about two minutes
pnpm bench --write                                  # all, and this file
pnpm bench --only echo-100,idle --contenders bare-ws,ws-stack --rounds 5 --json results.json
\`\`\`
`;
  writeFileSync(new URL("../../../RESULTS.md", import.meta.url), text);
  const chart = drawChart(results, cases.filter(isCharted), contenders);
  writeFileSync(new URL("../../../results.svg", import.meta.url), chart);
}
