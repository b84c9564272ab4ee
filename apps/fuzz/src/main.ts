import { parseArgs } from "node:util";
import { run } from "./run.js";

const { values } = parseArgs({ options: { cases: { type: "string" }, seed: { type: "string" } } });
const seed = Number(values.seed ?? process.env["SEED"] ?? Math.floor(Math.random() * 2 ** 31));
const cases = Number(values.cases ?? 20_000);

process.stdout.write(`seed ${seed}, ${cases} cases\n`);
const report = await run(cases, seed);
const rate = Math.round((report.cases / report.milliseconds) * 1_000);
process.stdout.write(`${report.cases} cases, ${rate} a second: ${JSON.stringify(report.endings)}\n`);
for (const { seed: own, problem, stream } of report.findings) {
  process.stdout.write(`SEED=${own} --cases 1: ${problem}\n  ${stream}\n`);
}
process.exitCode = report.findings.length === 0 ? 0 : 1;
