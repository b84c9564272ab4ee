// The speed table: every contender in every case, each in processes of its own.
import { createCertificate } from "./certificate.js";
import { compile } from "./compile.js";
import { maxSockets } from "./machine.js";
import { type Conditions, measure } from "./measure.js";
import { notesOn } from "./notes.js";
import { readOptions } from "./options.js";
import { plan, type Step } from "./plan.js";
import { writeJson, writeReport } from "./report.js";
import { Results } from "./results.js";
import type { Sample } from "./sample.js";
import { formatNumber, speedTable, unitOf } from "./table.js";
import { canPin } from "./worker.js";

const options = readOptions(process.argv.slice(2));
const results = new Results();
const steps = plan(options.cases, options.contenders, options.rounds);

function prepareConditions(): Conditions {
  const needsTls = options.cases.some((each) => each.tls);
  const tls = needsTls ? createCertificate() : undefined;
  if (needsTls && tls === undefined)
    results.remark("Nothing was measured under TLS: there is no openssl here.");
  if (!canPin) results.remark("Server and load were not pinned to cores: there is no taskset here.");
  const sockets = maxSockets();
  const isShort = options.cases.some(({ connections }) => connections > sockets);
  if (isShort) results.remark(`A process may hold ${sockets} sockets here (ulimit -n): no more were opened.`);
  return { ...options, tls, maxConnections: sockets };
}

function percent(share: number): string {
  return `${Math.max(0, Math.round(share * 100))} %`;
}

function tell({ round, contender, each }: Step, { value, details }: Sample): void {
  const { serverShare = Number.NaN, loadShare = Number.NaN, otherShare = Number.NaN } = details;
  const shares = `server ${percent(serverShare)}, load ${percent(loadShare)}, others ${percent(otherShare)}`;
  const what = `${each.name.padEnd(26)} ${contender.padEnd(18)}`;
  const figure = `${formatNumber(value).padStart(8)} ${unitOf(each)}`;
  const line = `round ${round + 1} of ${options.rounds}  ${what} ${figure}`;
  process.stderr.write(each.figure === "memory" ? `${line}\n` : `${line}  ${shares}\n`);
}

compile();
const conditions = prepareConditions();
for (const step of steps) {
  if (step.each.tls && conditions.tls === undefined) continue;
  const sample = await measure(step.contender, step.each, conditions);
  results.add(step.each, step.contender, sample);
  tell(step, sample);
}
const notes = notesOn(results, options.cases, options.contenders);
const table = speedTable(results, options.cases, options.contenders);
process.stdout.write(`\n${table}\n\n${notes.join("\n")}\n`);
if (options.json !== undefined) writeJson(options.json, options, results, notes);
if (options.write) writeReport(options, results, notes);
