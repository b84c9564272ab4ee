import { writeFileSync } from "node:fs";
import type { Case } from "./case.js";
import { drawChart } from "./chart.js";
import { describeMachine } from "./machine.js";
import type { Options } from "./options.js";
import type { Results } from "./results.js";
import { speedTable, spreadTable } from "./table.js";

/** All that was measured, in one file. */
export function writeJson(
  file: string,
  { cases, contenders, rounds, warm, span, source }: Options,
  results: Results,
  notes: readonly string[],
): void {
  const entries = cases.flatMap((each) =>
    contenders.map((contender) => ({
      case: each.name,
      title: each.title,
      contender,
      figure: each.figure,
      ...results.entry(each, contender)?.summary,
      ratio: results.ratio(each, contender),
      goal: each.goal,
      samples: results.entry(each, contender)?.samples ?? [],
    })),
  );
  const all = { machine: describeMachine(), rounds, warm, span, source, notes, entries };
  writeFileSync(file, `${JSON.stringify(all, null, 2)}\n`);
}

/** Whether the chart has it; the others vary it. */
function isCharted({ isQuick, bufferutil, kind, work }: Case): boolean {
  return (isQuick && !bufferutil) || kind === "idle" || work === "json";
}

function howMeasured({ rounds, warm, span, source }: Options): string {
  return `Server and load are processes of their own, each pinned to a core where \`taskset\` exists. For every contender, case and
round there is a fresh server. ${warm} ms of warm-up (at least 5,000 cycles where connections come and go) go before ${span} ms that are
measured, in four parts whose median counts. A figure is the median over the rounds (${rounds}), ± half of what lies between the least and the most: CPU time of the server's process per
message, sent back or sent out, user and system; per cycle for connect–echo–close; the round trip where there is one
connection. Behind it stands the ratio to bare \`ws\` in the same run, above 1 is cheaper; for memory, how many times as much.
With \`bufferutil\` the ratio is to bare \`ws\` without. \`@ws\` runs from its ${source ? "source" : "build"}, with every default on. In the JSON case
ws-stack validates both ways, the others what they receive. Every connection's first message is compared byte by byte, all
others by header and length.`;
}

/** `RESULTS.md` and its chart, beside the package's sources. */
export function writeReport(options: Options, results: Results, notes: readonly string[]): void {
  const { cases, contenders } = options;
  const { date, cpu, cores, memory, node, versions } = describeMachine();
  const packages = Object.entries(versions)
    .map(([name, version]) => `${name} ${version}`)
    .join(", ");
  const text = `# Speed

Written by \`pnpm bench --write\` on ${date}: ${cpu}, ${cores} cores, ${memory} GiB, Node ${node.slice(1)}; ${packages}.

![Ratios to bare ws](results.svg)

${speedTable(results, cases, contenders)}

${notes.map((note) => `- ${note}`).join("\n")}

## Least and most

${spreadTable(results, cases, contenders)}

## How it was measured

${howMeasured(options)}

\`\`\`sh
pnpm bench --quick                                  # about a minute
pnpm bench --write                                  # all, and this file
pnpm bench --only echo-100,idle --contenders bare-ws,ws-stack --rounds 5 --json results.json
\`\`\`
`;
  writeFileSync(new URL("../../RESULTS.md", import.meta.url), text);
  const chart = drawChart(results, cases.filter(isCharted), contenders);
  writeFileSync(new URL("../../results.svg", import.meta.url), chart);
}
