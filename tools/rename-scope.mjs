// Gives the packages another scope, everywhere: `pnpm rename-scope @other`. Which scope they have stands in the manifest of
// packages/events; every other place that names it is written anew by this program.
import { execFileSync } from "node:child_process";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const [scope] = JSON.parse(readFileSync(join(root, "packages/events/package.json"), "utf8")).name.split("/");
const [wanted, ...more] = process.argv.slice(2);

const mistake = mistakeIn(wanted, more);
if (mistake !== undefined) {
  process.stderr.write(`rename-scope: ${mistake} Nothing was changed.\n`);
  process.exitCode = 1;
} else {
  const changed = trackedFiles().filter((path) => renameIn(path));
  process.stdout.write(
    `${scope} is ${wanted} now, in ${changed.length} files. Installing and formatting ...\n`,
  );
  run("pnpm", ["install", "--prefer-offline"]);
  // Imports are sorted by name, and lines are as long as names allow.
  run("pnpm", ["exec", "biome", "check", "--write", "--log-level=error", "."]);
  process.stdout.write("Done. Look at `git diff`, and run `npm test`.\n");
}

/**
 * What is wrong with what was asked for; `undefined` where nothing is.
 *
 * @param {string | undefined} name
 * @param {readonly string[]} rest
 */
function mistakeIn(name, rest) {
  if (name === undefined || rest.length > 0 || !/^@[a-z0-9][a-z0-9._-]*$/.test(name))
    return `expected a scope such as "@other", got ${JSON.stringify([name, ...rest].filter(Boolean).join(" "))}.`;
  if (name === scope) return `the packages have the scope ${scope} already.`;
  // Two scopes in one could not be told apart again.
  if (readFileSync(join(root, "pnpm-lock.yaml"), "utf8").includes(`'${name}/`))
    return `${name} is the scope of somebody else's packages that are installed here.`;
  if (run("git", ["status", "--porcelain"]) !== "")
    return "expected everything to be committed, so that `git checkout .` undoes it.";
  return undefined;
}

/** The files of the repository that are text, by path. */
function trackedFiles() {
  const paths = run("git", ["ls-files", "-z"]).split("\0").filter(Boolean);
  return paths
    .map((path) => join(root, path))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile());
}

/**
 * Writes a file anew; gives whether the scope stood in it.
 *
 * @param {string} path
 */
function renameIn(path) {
  const data = readFileSync(path);
  if (data.includes(0)) return false;
  const text = data.toString();
  const plain = (name) => name.slice(1);
  const renamed = text
    // The name by itself, and in front of a package's; not a part of a longer word, as in an address of mail.
    .replaceAll(new RegExp(`(?<![\\w.])${literally(scope)}(?![\\w-])`, "g"), wanted)
    // The name of a tarball, as prose has it.
    .replaceAll(
      new RegExp(`\\b${literally(plain(scope))}-(?=[a-z]+-\\d+\\.\\d+\\.\\d+\\.tgz)`, "g"),
      `${plain(wanted)}-`,
    );
  if (renamed === text) return false;
  writeFileSync(path, renamed);
  return true;
}

/** @param {string} text */
function literally(text) {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

/**
 * Runs a program in the repository; gives what it wrote.
 *
 * @param {string} program
 * @param {readonly string[]} given
 */
function run(program, given) {
  return execFileSync(program, given, {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
    maxBuffer: 1e8,
  });
}
