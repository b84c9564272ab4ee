// Installs each example from the packed tarballs, as a user would have it, and runs its test:
// `npm run examples`, or `npm run examples -- express vite` for some of them.
import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const examples = join(root, "examples");
/** How long the test of an example may take before it is taken to hang, in ms. */
const patience = 300_000;

const wanted = process.argv.slice(2);
const names = readdirSync(examples)
  .filter((name) => existsSync(join(examples, name, "package.json")))
  .filter((name) => wanted.length === 0 || wanted.includes(name));
const unknown = wanted.filter((name) => !names.includes(name));
if (unknown.length > 0)
  throw new Error(`examples: expected some of ${readdirSync(examples)}, got ${unknown}`);

// Not below the repository: an example must find nothing in the repository's own `node_modules`.
const folder = mkdtempSync(join(tmpdir(), "ws-examples-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
const tarballs = await pack();
const results = [];
for (const name of names) results.push(await tryTwice(name));
for (const { name, passed, failed, seconds } of results) {
  process.stdout.write(
    `${failed === 0 ? "✓" : "✗"} ${name}: ${passed} passed, ${failed} failed, ${seconds} s\n`,
  );
}
report();

/** Installs, builds and packs every package; gives the tarballs by the packages' names. */
async function pack() {
  const packed = join(folder, "tarballs");
  await succeed("pnpm", ["install", "--frozen-lockfile"]);
  await succeed("pnpm", ["exec", "turbo", "run", "build", "--output-logs=errors-only"]);
  const packing = ["pack", "--config.ignore-scripts=true", "--pack-destination", packed];
  await succeed("pnpm", ["-r", "--filter", "./packages/*", ...packing]);
  const packages = readdirSync(join(root, "packages"));
  const named = packages.map((name) => readManifest(join(root, "packages", name)));
  return new Map(
    named.map(({ name, version }) => {
      const file = `${name.replace("@", "").replace("/", "-")}-${version}.tgz`;
      return [name, `file:${join(packed, file)}`];
    }),
  );
}

/**
 * Runs a program in the repository; throws what it wrote where it fails.
 *
 * @param {string} program
 * @param {readonly string[]} given
 */
async function succeed(program, given) {
  const { code, output } = await run(program, given, root);
  if (code !== 0) throw new Error(`${program} ${given.join(" ")}\n${output}`);
}

/** @param {string} folder */
function readManifest(folder) {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
}

/**
 * With `SECOND_TRY=true` an example that fails is tried once more, as a package's tests are (see `check.mjs`).
 *
 * @param {string} name
 */
async function tryTwice(name) {
  const first = await tryExample(name);
  if (first.failed === 0 || process.env.SECOND_TRY !== "true") return first;
  const second = await tryExample(name);
  if (second.failed === 0) appendFileSync(join(root, ".turbo", "unsteady.txt"), `✗ examples/${name}\n`);
  return second;
}

/** @param {string} name */
async function tryExample(name) {
  const began = Date.now();
  const project = join(folder, name);
  cpSync(join(examples, name), project, {
    recursive: true,
    filter: (path) => !/node_modules|\.next$/.test(path),
  });
  const manifest = readManifest(project);
  // What the packages need of each other is a tarball as well.
  const all = Object.fromEntries(tarballs);
  const overrides = { ...all };
  for (const listed of [manifest.dependencies, manifest.devDependencies ?? {}]) {
    for (const each of Object.keys(listed).filter((name) => tarballs.has(name))) {
      listed[each] = all[each];
      overrides[each] = `$${each}`;
    }
  }
  manifest.overrides = overrides;
  writeFileSync(join(project, "package.json"), JSON.stringify(manifest, null, 2));
  const install = await run(
    "npm",
    ["install", "--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error"],
    project,
  );
  const test = install.code === 0 ? await run("npm", ["test"], project) : install;
  const count = (word) => Number(new RegExp(`^(?:#|ℹ) ${word} (\\d+)$`, "m").exec(test.output)?.[1] ?? 0);
  const passed = count("pass");
  const failed = test.code === 0 && passed > 0 ? 0 : Math.max(1, count("fail"));
  if (failed > 0) process.stdout.write(`${test.output}\n`);
  rmSync(join(project, "node_modules"), { recursive: true, force: true });
  return { name, passed, failed, seconds: Math.round((Date.now() - began) / 1000) };
}

/**
 * @param {string} program
 * @param {readonly string[]} given
 * @param {string} cwd
 */
async function run(program, given, cwd) {
  // Without what npm tells its scripts: an npm within an npm would take the outer one's options for its own.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([key]) => !/^p?npm_(?!config_registry)/i.test(key)),
  );
  const child = spawn(program, given, { cwd, env, stdio: ["ignore", "pipe", "pipe"], timeout: patience });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
  const [code] = await once(child, "close");
  return { code, output };
}

/** Writes what `.ci/count.mjs` adds up, in the form of vitest's report. */
function report() {
  const sum = (key) => results.reduce((total, result) => total + result[key], 0);
  const numFailedTests = sum("failed");
  mkdirSync(join(examples, "reports"), { recursive: true });
  writeFileSync(
    join(examples, "reports", "vitest.examples.json"),
    JSON.stringify({
      numPassedTests: sum("passed"),
      numFailedTests,
      numPendingTests: 0,
      testResults: [],
      success: numFailedTests === 0,
    }),
  );
  process.exitCode = numFailedTests === 0 ? 0 : 1;
}
