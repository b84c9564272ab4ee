// Adds up the reports that vitest wrote, one a package, and prints the line that says how it went.
import { existsSync, readdirSync, readFileSync } from "node:fs";

const folders = ["packages", "apps"].flatMap((top) => readdirSync(top).map((name) => `${top}/${name}`));
/** @param {string} line */
function say(line) {
  process.stdout.write(`${line}\n`);
}

let passed = 0;
let failed = 0;
for (const folder of folders) {
  const manifest = `${folder}/package.json`;
  if (!existsSync(manifest) || !JSON.parse(readFileSync(manifest, "utf8")).scripts?.test) continue;
  const report = `${folder}/reports/vitest.json`;
  if (!existsSync(report)) {
    say(`${folder}: no report`);
    failed += 1;
    continue;
  }
  const { numPassedTests, numFailedTests, numPendingTests, testResults, success } = JSON.parse(
    readFileSync(report, "utf8"),
  );
  // A file that could not be loaded has failed, though none of its tests ran.
  const broken = testResults.filter(
    ({ status, assertionResults }) => status === "failed" && assertionResults.length === 0,
  );
  const bad = numFailedTests + numPendingTests + broken.length;
  say(`${folder}: ${numPassedTests} passed, ${bad} failed or skipped`);
  passed += numPassedTests;
  failed += success || bad > 0 ? bad : 1;
}
say(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
