// Runs the tasks that it is given by turbo, and where some fail, ends with their names: `node tools/check.mjs lint test`.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/** How many lines the end has at most. */
const mostLines = 40;

/** What stands in the lines that say what is wrong: of tsc, biome, knip, turbo, vitest and its coverage. */
const telling = /\berror TS\d|\bERROR\b|Error:|\[error\]|✖|×|^Un(used|listed|resolved)|FAIL/;

const began = Date.now();
const tasks = process.argv.slice(2);
const turbo = spawn("turbo", ["run", "--continue", "--summarize=true", ...tasks], {
  stdio: "inherit",
  env: { ...process.env, TURBO_TELEMETRY_DISABLED: "1" },
});
// A Ctrl-C reaches turbo as well, which ends its tasks; this process waits for it.
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => turbo.kill(signal));
const [code, signal] = await once(turbo, "close");
process.exitCode = code ?? 1;
if (code !== 0 && signal === null) process.stdout.write(`\n${cut(failures()).join("\n")}\n`);

/** @param {readonly string[]} lines */
function cut(lines) {
  if (lines.length <= mostLines) return lines;
  return [...lines.slice(0, mostLines - 1), `... and ${lines.length - mostLines + 1} lines more`];
}

/** The tasks that failed, each with what is known of it. */
function failures() {
  const folder = join(".turbo", "runs");
  const runs = existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];
  const summary = runs.filter(isNew).at(-1);
  if (summary === undefined) return ["turbo failed before it ran a task; its reason stands above."];
  /** @type {{ tasks: { taskId: string, task: string, directory: string, logFile: string, execution?: { exitCode: number } }[] }} */
  const { tasks: ran } = JSON.parse(readFileSync(summary, "utf8"));
  const failed = ran.filter(({ execution }) => execution !== undefined && execution.exitCode !== 0);
  const names = failed.map(({ taskId }) => taskId).join(", ");
  return [`Failed: ${names || "turbo itself; its reason stands above"}`, ...failed.flatMap(describe)];
}

/** @param {{ taskId: string, task: string, directory: string, logFile: string }} failed */
function describe({ taskId, task, directory, logFile }) {
  const report = { test: "vitest.json", "test:slow": "vitest.slow.json" }[task];
  const path = report === undefined ? undefined : join(directory, "reports", report);
  const found = path !== undefined && existsSync(path) && isNew(path) ? failedTests(path) : [];
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
      `    ${firstLine(failureMessages[0])}`,
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

/** @param {string} path */
function isNew(path) {
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
