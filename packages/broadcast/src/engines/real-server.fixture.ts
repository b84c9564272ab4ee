import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

/** Debian puts some programs where only root's PATH leads. */
const env = { ...process.env, PATH: `${process.env["PATH"]}${delimiter}/usr/sbin` };

/** A server that a test runs as it is. */
export interface Program {
  /** Of its file, and of Debian's package: `"redis-server"`. */
  readonly name: string;
  /** What it says when it takes connections. */
  readonly sign: string;
}

export function isInstalled({ name }: Program): boolean {
  return spawnSync(name, ["--version"], { env }).status === 0;
}

/**
 * Where a program is missing, says in one line what was not tried without it. For one test file to call, so that it is
 * said once.
 *
 * @throws {Error} where CI is "true".
 */
export function tellWithout(program: Program, engine: string): void {
  if (isInstalled(program)) return;
  const { name } = program;
  const line = `${name} is not installed: the ${engine} engine was not tried (Debian: apt-get install ${name})`;
  if (process.env["CI"] === "true") throw new Error(line);
  process.stderr.write(`${line}\n`);
}

/** Where a server runs. */
export interface Place {
  /** One that nobody listened on. */
  readonly port: number;
  /** Of its own, taken away at its end. */
  readonly folder: string;
}

/** A port that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address !== null ? address.port : 0;
}

export async function newPlace({ name }: Program): Promise<Place> {
  return { port: await freePort(), folder: await mkdtemp(join(tmpdir(), `ws-${name}-`)) };
}

/** Resolves when the program says that it is ready; rejects with what it said when it ends instead. */
async function ready(child: ChildProcess, { name, sign }: Program): Promise<void> {
  let said = "";
  const ended = once(child, "exit").then(() => Promise.reject(new Error(`${name}: ${said.slice(-300)}`)));
  const isReady = new Promise<void>((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on("data", (chunk) => {
        said = said.slice(-1_000) + chunk;
        if (said.includes(sign)) resolve();
      });
    }
  });
  ended.catch(() => undefined);
  await Promise.race([isReady, ended]);
}

/** A real server on 127.0.0.1, and what can happen to one; whoever extends it says by which command line. */
export class RealServer implements AsyncDisposable {
  readonly port: number;
  protected readonly folder: string;
  readonly #program: Program;
  #child: ChildProcess | undefined;

  protected constructor(program: Program, { port, folder }: Place) {
    this.#program = program;
    this.port = port;
    this.folder = folder;
  }

  /** Starts it, again or for the first time; resolves when it takes connections. */
  protected async run(flags: readonly string[]): Promise<void> {
    this.#child = spawn(this.#program.name, flags, { env, stdio: ["ignore", "pipe", "pipe"] });
    await ready(this.#child, this.#program);
  }

  protected signal(name: NodeJS.Signals): void {
    this.#child?.kill(name);
  }

  /** Resolves when it has ended by itself. */
  protected async ended(): Promise<void> {
    const child = this.#child;
    if (child !== undefined && child.exitCode === null) await once(child, "exit");
  }

  /** SIGKILL; what it held is lost. */
  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    // One that has ended by itself is not waited for.
    if (child === undefined || child.exitCode !== null) return;
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
  }

  /** Its connections stay, and nothing is answered; resolves when it has stopped. */
  async pause(): Promise<void> {
    this.signal("SIGSTOP");
    const state = ["-o", "state=", "-p", String(this.#child?.pid)];
    while (!spawnSync("ps", state).stdout.toString().includes("T")) await new Promise(setImmediate);
  }

  continue(): void {
    this.signal("SIGCONT");
  }

  /** In whatever state it is. */
  async end(): Promise<void> {
    await this.kill();
    await rm(this.folder, { recursive: true, force: true });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end();
  }
}
