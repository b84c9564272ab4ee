// Compares @ws/router with find-my-way and path-to-regexp, prints a table and the goals; ends with 1 where one is missed.
// --quick: fewer rounds. --only TEXT: the kinds whose name has it. --json FILE: the figures. --write: ROUTER.md beside this package's package.json.
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { writeJson } from "./rig/json.js";
import { describeMachine } from "./rig/machine.js";
import { kinds, sizes } from "./router/cases.js";
import { contenders } from "./router/contenders.js";
import { goalsOf, isMet, type Row } from "./router/goals.js";
import { Race } from "./router/measure.js";
import { goalLines, tableOf } from "./router/report.js";
import type { Effort } from "./router/timing.js";

const { values: options } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    write: { type: "boolean", default: false },
    json: { type: "string" },
    only: { type: "string", default: "" },
  },
});
const effort: Effort = options.quick
  ? { rounds: 9, lookUps: 10_000, patience: 20 }
  : { rounds: 21, lookUps: 20_000, patience: 30 };

const names = contenders.map(({ name }) => name);
const rows: Row[] = [];
for (const { name: kind } of kinds.filter(({ name }) => name.includes(options.only))) {
  const race = new Race(names, kind);
  await race.begin();
  for (const size of sizes) {
    for (const [contender, timing] of await race.run(size, effort))
      rows.push({ kind, size, contender, timing });
    process.stderr.write(`${kind}, ${size} routes\n`);
  }
  await race.end();
}

const goals = goalsOf(rows, "@ws/router", ["path-to-regexp", "path-to-regexp, checked"]);
const { node, cpu, date } = describeMachine([]);
const machine = `Node ${node}, ${cpu}, ${date}`;
const report = `Nanoseconds a look-up: the median of ${effort.rounds} rounds, and the middle half of them. ${machine}.

${tableOf(rows)}
`;
process.stdout.write(`${report}\n${goalLines(goals)}\n`);
writeJson(options.json, ["find-my-way", "path-to-regexp"], { effort, rows, goals });
if (options.write) {
  const heading = `# Looking up a path\n\nWritten by \`pnpm bench router --write\`.`;
  writeFileSync(
    new URL("../ROUTER.md", import.meta.url),
    `${heading}\n\n${report}\n\`\`\`\n${goalLines(goals)}\n\`\`\`\n`,
  );
}
if (!goals.every(isMet)) process.exitCode = 1;
