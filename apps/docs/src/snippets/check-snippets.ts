import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { runPrograms, runTests } from "./run-programs.js";
import type { Snippet } from "./snippet.js";

/** What became of an example. */
export interface Result {
  readonly snippet: Snippet;
  /** What the compiler or the program complained of; `undefined` where it passed, or is not run. */
  readonly failure: string | undefined;
}

const here = fileURLToPath(new URL("../..", import.meta.url));

/** The last file name of a snippet: that which the page gives it, or one that no page imports. */
function entryOf(folder: string, snippet: Snippet, index: number): string {
  return join(folder, `${index}`, snippet.file ?? "snippet.ts");
}

/**
 * The programs as they are run: on a port of the system's choice, where the page names the one that readers use, so that
 * programs run beside each other.
 */
function runnable(code: string): string {
  return code.replaceAll(/\bport: 8000\b/g, "port: 0");
}

/** Writes each example that is run, beside the newest version of each file that the page has shown before it. */
async function writeSnippets(snippets: readonly Snippet[], folder: string): Promise<readonly string[]> {
  const shown = new Map<string, Map<string, string>>();
  const entries: string[] = [];
  for (const [index, snippet] of snippets.entries()) {
    const files = shown.get(snippet.page) ?? new Map<string, string>();
    shown.set(snippet.page, files);
    const entry = entryOf(folder, snippet, index);
    entries.push(entry);
    const others = [...files].map(([name, code]) => [join(folder, `${index}`, name), code] as const);
    for (const [path, code] of [...others, [entry, snippet.code] as const]) {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, runnable(code));
    }
    if (snippet.file !== undefined) files.set(snippet.file, snippet.code);
  }
  return entries;
}

/** Lets the examples import every package of the repository, and what these install, as a user of them would. */
async function installPackages(folder: string): Promise<void> {
  const packages = join(here, "../../packages");
  for (const name of await readdir(packages)) {
    const { name: module } = JSON.parse(await readFile(join(packages, name, "package.json"), "utf8"));
    await link(join(packages, name), join(folder, "node_modules", module));
    const installed = join(packages, name, "node_modules");
    for (const module of await modulesIn(installed)) {
      await link(join(installed, module), join(folder, "node_modules", module));
    }
  }
}

async function link(target: string, path: string): Promise<void> {
  if (existsSync(path)) return;
  await mkdir(dirname(path), { recursive: true });
  await symlink(target, path);
}

/** The modules of others that a package has installed, as `react` and `@types/react`. */
async function modulesIn(installed: string): Promise<readonly string[]> {
  const names = existsSync(installed) ? await readdir(installed) : [];
  const scopes = names.filter((name) => name.startsWith("@") && name !== "@ws");
  const scoped = scopes.map(async (scope) =>
    (await readdir(join(installed, scope))).map((name) => join(scope, name)),
  );
  return [...names.filter((name) => /^[a-z]/.test(name)), ...(await Promise.all(scoped)).flat()];
}

async function bundle(entries: readonly string[], folder: string): Promise<void> {
  await build({
    entryPoints: [...entries],
    outdir: join(folder, "out"),
    outbase: folder,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    // What examples share is bundled, and loaded, once.
    splitting: true,
    platform: "node",
    format: "esm",
    target: "node20",
    conditions: ["@ws/source"],
    external: ["bufferutil", "utf-8-validate"],
    banner: {
      js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
    },
    chunkNames: "shared-[hash]",
    sourcemap: "inline",
    logLevel: "silent",
  });
}

/** The compiler's complaints, by the number of the example. */
async function compile(folder: string): Promise<ReadonlyMap<number, string>> {
  const tsconfig = {
    extends: join(here, "../../tsconfig.base.json"),
    compilerOptions: { isolatedDeclarations: false, declaration: false, declarationMap: false, noEmit: true },
    include: ["*/**/*.ts"],
    exclude: ["out"],
  };
  await writeFile(join(folder, "tsconfig.json"), JSON.stringify(tsconfig));
  const output = await outputOf(join(here, "node_modules/typescript/bin/tsc"), ["-p", "."], folder);
  const complaints = new Map<number, string>();
  for (const line of output.split("\n")) {
    const index = /^(\d+)\//.exec(line)?.[1];
    if (index === undefined) continue;
    const number = Number(index);
    complaints.set(number, `${complaints.get(number) ?? ""}${line}\n`);
  }
  return complaints;
}

/** What a program of Node's has written, whether it succeeded or not. */
function outputOf(program: string, given: readonly string[], cwd: string): Promise<string> {
  return new Promise((resolve) => {
    execFile(process.execPath, [program, ...given], { cwd }, (_error, stdout, stderr) =>
      resolve(stdout + stderr),
    );
  });
}

/** Compiles all examples that are run, and runs them, in `folder`, which is written anew. */
export async function checkSnippets(
  snippets: readonly Snippet[],
  folder: string,
): Promise<readonly Result[]> {
  const wanted = snippets.filter(({ notRun }) => notRun === undefined);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "package.json"), '{ "type": "module" }');
  await installPackages(folder);
  const entries = await writeSnippets(wanted, folder);
  const complaints = await compile(folder);
  const sound = wanted.flatMap((snippet, index) => (complaints.has(index) ? [] : [{ snippet, index }]));
  await bundle(
    sound.map(({ index }) => entries[index] ?? ""),
    folder,
  );
  const bundled = sound.map(({ snippet, index }) => {
    return { snippet, path: entryOf(join(folder, "out"), snippet, index).replace(/\.ts$/, ".mjs") };
  });
  const programs = bundled.filter(({ snippet }) => !isTest(snippet)).map(({ path }) => path);
  const written = new Map(await runPrograms(programs));
  for (const { snippet, path } of bundled) {
    const output = isTest(snippet) ? await runTests(path) : undefined;
    if (output !== undefined) written.set(path, output);
  }
  const failures = new Map(bundled.map(({ snippet, path }) => [snippet, written.get(path)]));
  for (const [index, complaint] of complaints) failures.set(wanted[index] as Snippet, complaint);
  return snippets.map((snippet) => ({ snippet, failure: failures.get(snippet) }));
}

function isTest({ code }: Snippet): boolean {
  return code.includes('from "node:test"');
}
