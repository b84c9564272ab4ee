// Adds up the reports that vitest wrote, one for each script of a package that tests, and prints the line that says how
// it went.
import { existsSync, readdirSync, readFileSync } from "node:fs";

const folders = ["packages", "apps"].flatMap((top) => readdirSync(top).map((name) => `${top}/${name}`));
/** @param {string} line */
function say(line) {
  process.stdout.write(`${line}\n`);
}

/** The scripts that test, and the reports that they write. */
const reports = { test: "vitest.json", "test:slow": "vitest.slow.json" };

let passed = 0;
let failed = 0;
for (const folder of folders) {
  const manifest = `${folder}/package.json`;
  if (!existsSync(manifest)) continue;
  const { scripts = {} } = JSON.parse(readFileSync(manifest, "utf8"));
  for (const [script, name] of Object.entries(reports))
    if (scripts[script] !== undefined) count(folder, name);
}

// The examples are no packages of the workspace: one report tells of all of them.
count("examples", "vitest.examples.json");

/**
 * @param {string} folder
 * @param {string} name
 */
function count(folder, name) {
  const report = `${folder}/reports/${name}`;
  if (!existsSync(report)) {
    say(`${report}: there is none`);
    failed += 1;
    return;
  }
  const { numPassedTests, numFailedTests, numPendingTests, testResults, success } = JSON.parse(
    readFileSync(report, "utf8"),
  );
  // A file that could not be loaded has failed, though none of its tests ran.
  const broken = testResults.filter(
    ({ status, assertionResults }) => status === "failed" && assertionResults.length === 0,
  );
  const bad = numFailedTests + numPendingTests + broken.length;
  say(`${report}: ${numPassedTests} passed, ${bad} failed or skipped`);
  passed += numPassedTests;
  failed += success || bad > 0 ? bad : 1;
}

const unsteady = ".turbo/unsteady.txt";
if (existsSync(unsteady)) say(`Passed at the second try only:\n${readFileSync(unsteady, "utf8")}`);
say(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
