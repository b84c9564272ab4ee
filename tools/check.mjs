// Runs the tasks that it is given by turbo, and where some fail, ends with their names: `node tools/check.mjs lint test`.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/** How many lines the end has at most. */
const mostLines = 40;

/** What stands in the lines that say what is wrong: of tsc, biome, knip, turbo, vitest and its coverage. */
const telling = /\berror TS\d|\bERROR\b|Error:|\[error\]|✖|×|^Un(used|listed|resolved)|FAIL/;

/**
 * With `SECOND_TRY=true`, which `.ci/run` sets, a package whose tests fail is tested once more, alone. One race in
 * thousands of tests with real sockets must not decide over a change; what passes at its second try only is written here
 * and told at the end of CI, and is a fault to mend.
 */
const unsteady = join(".turbo", "unsteady.txt");

const given = process.argv.slice(2);
const tasks = given.filter((arg) => !arg.startsWith("-"));
const options = given.filter((arg) => arg.startsWith("-"));

const first = await run(tasks);
const isTested = first.failed.every(({ task }) => task.startsWith("test"));
if (first.code !== 0) process.stdout.write(`\n${cut(first.lines).join("\n")}\n`);
if (first.failed.length > 0 && isTested && process.env.SECOND_TRY === "true") {
  const filters = new Set(first.failed.map(({ taskId }) => `--filter=${taskId.split("#")[0]}`));
  const second = await run([...new Set(first.failed.map(({ task }) => task)), ...filters]);
  process.exitCode = second.code;
  if (second.code !== 0) process.stdout.write(`\n${cut(second.lines).join("\n")}\n`);
  else appendFileSync(unsteady, `${first.lines.slice(1).join("\n")}\n`);
} else process.exitCode = first.code;

/**
 * Runs turbo, and says how it ended.
 *
 * @param {readonly string[]} what
 */
async function run(what) {
  const began = Date.now();
  const turbo = spawn("turbo", ["run", "--continue", "--summarize=true", ...options, ...what], {
    stdio: "inherit",
    env: { ...process.env, TURBO_TELEMETRY_DISABLED: "1" },
  });
  // A Ctrl-C reaches turbo as well, which ends its tasks; this process waits for it.
  const pass = (/** @type {NodeJS.Signals} */ signal) => turbo.kill(signal);
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, pass);
  const [code, signal] = await once(turbo, "close");
  for (const signal of ["SIGINT", "SIGTERM"]) process.off(signal, pass);
  if (code === 0 || signal !== null) return { code: code ?? 1, failed: [], lines: [] };
  return { code, ...failures(began) };
}

/** @param {readonly string[]} lines */
function cut(lines) {
  if (lines.length <= mostLines) return lines;
  return [...lines.slice(0, mostLines - 1), `... and ${lines.length - mostLines + 1} lines more`];
}

/**
 * The tasks that failed since a moment, and what is known of each, in lines.
 *
 * @param {number} began
 */
function failures(began) {
  const folder = join(".turbo", "runs");
  const runs = existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];
  const summary = runs.filter((path) => isSince(began, path)).at(-1);
  if (summary === undefined)
    return { failed: [], lines: ["turbo failed before it ran a task; its reason stands above."] };
  /** @type {{ tasks: { taskId: string, task: string, directory: string, logFile: string, execution?: { exitCode: number } }[] }} */
  const { tasks: ran } = JSON.parse(readFileSync(summary, "utf8"));
  const failed = ran.filter(({ execution }) => execution !== undefined && execution.exitCode !== 0);
  const names = failed.map(({ taskId }) => taskId).join(", ");
  const said = failed.flatMap((task) => describe(task, began));
  return { failed, lines: [`Failed: ${names || "turbo itself; its reason stands above"}`, ...said] };
}

/**
 * @param {{ taskId: string, task: string, directory: string, logFile: string }} failed
 * @param {number} began
 */
function describe({ taskId, task, directory, logFile }, began) {
  const report = { test: "vitest.json", "test:slow": "vitest.slow.json" }[task];
  const path = report === undefined ? undefined : join(directory, "reports", report);
  const found = path !== undefined && existsSync(path) && isSince(began, path) ? failedTests(path) : [];
  // Without a test that failed: a type, a rule, a file that can't be loaded, coverage below its threshold.
  return found.length > 0 ? found : firstErrors(taskId, logFile);
}

/** @param {string} path */
function failedTests(path) {
  /** @type {{ testResults: { name: string, status: string, message: string, assertionResults: { status: string, fullName: string, failureMessages: string[] }[] }[] }} */
  const { testResults } = JSON.parse(readFileSync(path, "utf8"));
  return testResults.flatMap(({ name, status, message, assertionResults }) => {
    const file = name.replace(`${process.cwd()}/`, "");
    if (status === "failed" && assertionResults.length === 0)
      return [`✗ ${file}`, `    ${firstLine(message)}`];
    const failed = assertionResults.filter((result) => result.status === "failed");
    return failed.flatMap(({ fullName, failureMessages }) => [
      `✗ ${file}: ${fullName}`,
      // Vitest's report has this in the place of the text of a time-out.
      `    ${firstLine(failureMessages[0]).replace("Error: STACK_TRACE_ERROR", "it did not end in time")}`,
    ]);
  });
}

/**
 * @param {string} taskId
 * @param {string} logFile
 */
function firstErrors(taskId, logFile) {
  const lines = existsSync(logFile) ? readFileSync(logFile, "utf8").split("\n").map(plain) : [];
  const errors = lines.filter((line) => telling.test(line) && !/^✓|ELIFECYCLE/.test(line));
  const shown = (errors.length > 0 ? errors : lines.filter((line) => line !== "").slice(-3)).slice(0, 3);
  return [`✗ ${taskId}`, ...shown.map((line) => `    ${firstLine(line)}`)];
}

/**
 * @param {number} began
 * @param {string} path
 */
function isSince(began, path) {
  return statSync(path).mtimeMs >= began;
}

/** @param {string | undefined} text */
function firstLine(text) {
  return (
    plain(text ?? "")
      .split("\n")[0]
      ?.slice(0, 200) ?? ""
  );
}

/**
 * Without what colours a line in a terminal.
 *
 * @param {string} text
 */
function plain(text) {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: an escape sequence begins with one.
  return text.replaceAll(/\x1b\[[0-9;]*m/g, "").trim();
}
