import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

export const root: string = fileURLToPath(new URL("../../..", import.meta.url));
export const packageNames = [
  "events",
  "contract",
  "client",
  "react",
  "protocol",
  "connection",
  "router",
  "middleware",
  "broadcast",
  "service",
  "server",
  "testing",
  "serve",
  "asyncapi",
  "create-ws-app",
] as const;

/** What a package says of itself. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly engines: { readonly node: string };
  readonly scripts: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, unknown>>;
  readonly homepage: string;
  readonly bugs: string;
  readonly repository: { readonly type: string; readonly url: string; readonly directory?: string };
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

export function folderOf(name: string): string {
  return join(root, "packages", name);
}

export async function manifestOf(name: string): Promise<Manifest> {
  return JSON.parse(await readFile(join(folderOf(name), "package.json"), "utf8"));
}

/** Where the repository is, in a browser: the one place is the root's package.json. */
export async function repositoryUrl(): Promise<string> {
  const { repository }: Manifest = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
  return repository.url.replace(/^git\+/, "").replace(/\.git$/, "");
}

/** A package's source files by path, less its tests and their fixtures. */
export async function sourcesOf(name: string): Promise<ReadonlyMap<string, string>> {
  const folder = join(folderOf(name), "src");
  const paths = (await readdir(folder, { recursive: true })).filter((path) => path.endsWith(".ts"));
  const sources = paths.filter((path) => !/\.(test|fixture)\.ts$/.test(path)).sort();
  return new Map(
    await Promise.all(
      sources.map(async (path) => [path, await readFile(join(folder, path), "utf8")] as const),
    ),
  );
}

const execute = promisify(execFile);

/** Without what npm and pnpm tell their scripts: an npx within an npx would take the outer one's options for its own. */
const environment = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^p?npm_/i.test(name)),
);

/** Runs a program to its end and gives what it printed; one that fails rejects with that. */
export async function run(program: string, given: readonly string[], cwd: string): Promise<string> {
  try {
    const { stdout } = await execute(program, given, { cwd, env: environment, maxBuffer: 16 * 1_048_576 });
    return stdout;
  } catch (error) {
    const { stdout = "", stderr = "", message } = error as Error & { stdout?: string; stderr?: string };
    throw new Error(`${message}\n${stdout}\n${stderr}`, { cause: error });
  }
}
