import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** One test that shows what a fault gets. */
export interface ShownFault {
  readonly number: number;
  /** What must hold. */
  readonly title: string;
  /** The test's file, from the repository's root, with `/`. */
  readonly path: string;
}

/** The numbers of the faults that this repository answers for, in order. */
export const faultNumbers: readonly number[] = Array.from({ length: 225 }, (_, index) => index + 1);

const skipped = new Set(["node_modules", "dist", "reports"]);

/** The paths of all test files of packages and apps, and of the suites that several of them run, in order. */
async function testFiles(root: string, folder: string): Promise<string[]> {
  const paths: string[] = [];
  for (const entry of await readdir(join(root, folder), { withFileTypes: true })) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory() && !skipped.has(entry.name)) paths.push(...(await testFiles(root, path)));
    else if (/\/conformance\/[\w.-]+\.ts$|\.test\.ts$/.test(path)) paths.push(path);
  }
  return paths;
}

/** The faults of one source: the titles that begin with `fault` and a number. */
export function faultsOf(source: string, path: string): ShownFault[] {
  const literals = source.matchAll(/"fault (\d+): ((?:[^"\\\n]|\\.)*)"/g);
  return [...literals].map(([, number, title]) => ({
    number: Number(number),
    title: String(JSON.parse(`"${title}"`)),
    path,
  }));
}

/** All faults that are shown under `root`, by number, then by file, then as they stand there. */
export async function readFaults(root: string): Promise<readonly ShownFault[]> {
  const faults: ShownFault[] = [];
  for (const folder of ["apps", "packages"]) {
    for (const path of (await testFiles(root, folder)).sort()) {
      faults.push(...faultsOf(await readFile(join(root, path), "utf8"), path));
    }
  }
  return faults.sort((one, other) => one.number - other.number);
}

/** The numbers without a test. */
export function missingOf(faults: readonly ShownFault[]): readonly number[] {
  const shown = new Set(faults.map(({ number }) => number));
  return faultNumbers.filter((number) => !shown.has(number));
}

/** `docs/faults.md`. */
export function formatFaults(faults: readonly ShownFault[]): string {
  const missing = missingOf(faults);
  const total = faultNumbers.length;
  const rows = faults.map(({ number, title, path }) => {
    const file = path.slice(path.lastIndexOf("/") + 1);
    // A bar would end the cell, a bracket begin a link, an angle a tag.
    const text = title.replaceAll(/[\\|[\]<>`*_]/g, "\\$&");
    return `| ${number} | ${text} | [${file}](../${path}) |`;
  });
  return `# Faults, floods and bad input

Written by \`pnpm faults\` from the titles of the tests; change those, not this page.

Shown: ${total - missing.length} of ${total}.${missing.length === 0 ? "" : ` Missing: ${missing.join(", ")}.`}

| fault | what must hold | where |
| --- | --- | --- |
${rows.join("\n")}
`;
}
