// `pnpm bench broadcast`: what a delivery costs on each engine, beside Socket.IO; that none is lost, twice or out of order; and
// what a member costs. --quick: fewer and shorter. --only NAMES: those that begin so. --rounds N. --json FILE: the figures.
// --write: BROADCAST.md beside this package's package.json. --source: without building. Ends with 1 where a goal is missed.

import { versionOf } from "./broadcast/engine-server.js";
import { isFaultless } from "./broadcast/faults.js";
import { measure, measureMemory, verify } from "./broadcast/measure.js";
import { type Options, readOptions } from "./broadcast/options.js";
import { notesOn } from "./broadcast/report/notes.js";
import { writeFigures, writeReport } from "./broadcast/report/report.js";
import { Results } from "./broadcast/report/results.js";
import { idle } from "./broadcast/report/rows.js";
import { hasMissed, tablesOf } from "./broadcast/report/tables.js";
import { keyOf, type Setup } from "./broadcast/setup.js";
import { build } from "./rig/build.js";
import { compile } from "./rig/compile.js";
import { maxSockets } from "./rig/machine.js";
import { formatNumber } from "./rig/table.js";
import { orderOf } from "./rig/turns.js";

const results = new Results();

function tell(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Whether it can be done here; says once why not. */
function isPossible({ engine, members }: Setup): boolean {
  const isInstalled = versionOf(engine) !== undefined;
  const reason = isInstalled
    ? `A process may hold ${maxSockets()} sockets here (ulimit -n): nothing with more was measured.`
    : `${engine}-server is not installed: nothing was measured that needs it (Debian: apt-get install ${engine}-server).`;
  if (isInstalled && members <= maxSockets()) return true;
  if (!results.remarks.includes(reason)) {
    results.remarks.push(reason);
    tell(reason);
  }
  return false;
}

function possible({ rows, trials, isWeighed, ...rest }: Options): Options {
  return {
    ...rest,
    rows: rows.filter(({ own }) => isPossible(own)),
    trials: trials.filter(({ setup }) => isPossible(setup)),
    isWeighed: isWeighed && idle.setups.every(isPossible),
  };
}

async function measureAll(options: Options): Promise<void> {
  const wanted = options.rows
    .flatMap(({ own, other, floor }) => [own, other, ...(floor ? [floor] : [])])
    .filter(isPossible);
  const setups = new Map(wanted.map((setup) => [keyOf(setup), setup]));
  for (let round = 1; round <= options.rounds; round += 1) {
    for (const [key, setup] of orderOf([...setups], round - 1)) {
      const sample = await measure(setup, options);
      results.add(setup, sample);
      const { perCpuSecond, perSecond } = sample;
      tell(
        `round ${round}  ${key}: ${formatNumber(perCpuSecond)} per CPU s, ${formatNumber(perSecond)} per s`,
      );
    }
  }
}

async function verifyAll(options: Options): Promise<void> {
  for (const trial of options.trials) {
    const verdict = await verify(trial, options);
    results.verdicts.push(verdict);
    tell(`${trial.name}: ${isFaultless(verdict.faults) ? "no fault" : JSON.stringify(verdict.faults)}`);
  }
}

async function weighAll(options: Options): Promise<void> {
  if (!options.isWeighed) return;
  for (const setup of idle.setups) {
    results.weights.set(setup.contender, await measureMemory(setup, options));
    tell(`idle ${keyOf(setup)}: ${formatNumber(results.weights.get(setup.contender) ?? 0)} bytes`);
  }
}

// So that what was started ends too.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));
const given = readOptions(process.argv.slice(2));
if (!given.source) build(["server", "middleware", "broadcast"]);
compile();
const options = possible(given);
await measureAll(options);
await verifyAll(options);
await weighAll(options);
const notes = notesOn(results, options);
process.stdout.write(`\n${tablesOf(results, options)}\n\n${notes.map((note) => `${note}\n`).join("")}`);
writeFigures(options, results);
if (options.write) writeReport(options, results);
if (hasMissed(results, options)) process.exitCode = 1;
