// The speed table: every contender in every case, side by side, each in a process of its own.

import { compile } from "../rig/compile.js";
import { maxSockets } from "../rig/machine.js";
import { canPin } from "../rig/worker.js";
import type { Case } from "./case.js";
import { createCertificate } from "./certificate.js";
import type { ContenderName } from "./contenders.js";
import type { Conditions } from "./measure/conditions.js";
import { measure } from "./measure/measure.js";
import type { Sample } from "./measure/sample.js";
import { readOptions } from "./options.js";
import { notesOn } from "./report/notes.js";
import { writeFigures, writeReport } from "./report/report.js";
import { Results, summarize } from "./report/results.js";
import { formatFigure, speedTable } from "./report/table.js";
import { participantsOf } from "./servers.js";

const options = readOptions(process.argv.slice(2));
const results = new Results();

function prepareConditions(): Conditions {
  const needsTls = options.cases.some((each) => each.tls);
  const tls = needsTls ? createCertificate() : undefined;
  if (needsTls && tls === undefined)
    results.remark("Nothing was measured under TLS: there is no openssl here.");
  if (!canPin) results.remark("Server and load were not pinned to cores: there is no taskset here.");
  const sockets = maxSockets();
  const isShort = options.cases.some((each) => {
    const servers = each.kind === "idle" ? 1 : participantsOf(each, options.contenders).length;
    return each.connections * servers > sockets;
  });
  if (isShort) results.remark(`A process may hold ${sockets} sockets here (ulimit -n): no more were opened.`);
  return { ...options, tls, maxConnections: sockets };
}

function percent(share: number): string {
  return `${Math.max(0, Math.round(share * 100))} %`;
}

function tell(round: number, each: Case, contender: ContenderName, sample: Sample): void {
  const { serverShare = Number.NaN, loadShare = Number.NaN, otherShare = Number.NaN } = sample.details;
  const shares = `server ${percent(serverShare)}, load ${percent(loadShare)}, others ${percent(otherShare)}`;
  const what = `${each.name.padEnd(26)} ${contender.padEnd(18)}`;
  const figure = formatFigure(each, summarize([sample])).padStart(24);
  const line = `round ${round + 1} of ${options.rounds}  ${what} ${figure}`;
  process.stderr.write(each.figure === "memory" ? `${line}\n` : `${line}  ${shares}\n`);
}

compile();
const conditions = prepareConditions();
for (let round = 0; round < options.rounds; round += 1) {
  for (const each of options.cases) {
    if (each.tls && conditions.tls === undefined) continue;
    for (const [contender, sample] of await measure(each, options.contenders, conditions)) {
      results.add(each, contender, sample);
      tell(round, each, contender, sample);
    }
  }
}
const notes = notesOn(results, options.cases, options.contenders);
const table = speedTable(results, options.cases, options.contenders);
process.stdout.write(`\n${table}\n\n${notes.join("\n")}\n`);
writeFigures(options, results, notes);
if (options.write) writeReport(options, results, notes);
