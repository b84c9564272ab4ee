import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RedisConnection, type Reply } from "./redis-connection.js";
import { closedFailure } from "./redis-failure.js";
import { resolveRedisOptions } from "./redis-options.js";

/** Whether a real redis-server can be started here. */
export const hasRedisServer: boolean = spawnSync("redis-server", ["--version"]).status === 0;

/**
 * Where there is no redis-server, says in one line what was not tried.
 *
 * @throws {Error} where CI is "true".
 */
export function tellWithoutRedis(): void {
  if (hasRedisServer) return;
  const line =
    "redis-server is not installed: the Redis engine was not tried (Debian: apt-get install redis-server)";
  if (process.env["CI"] === "true") throw new Error(line);
  process.stderr.write(`${line}\n`);
}

/** A port that nobody listens on. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address !== null ? address.port : 0;
}

/** Resolves when the server takes connections; rejects with what it said when it ends instead. */
async function ready(child: ChildProcess): Promise<void> {
  let said = "";
  const ended = once(child, "exit").then(() =>
    Promise.reject(new Error(`redis-server: ${said.slice(-300)}`)),
  );
  const isReady = new Promise<void>((resolve) => {
    child.stdout?.on("data", (chunk) => {
      said += chunk;
      if (said.includes("Ready to accept connections")) resolve();
    });
  });
  ended.catch(() => undefined);
  await Promise.race([isReady, ended]);
}

/** A real redis-server on 127.0.0.1, with a folder of its own and nothing kept on disk. */
export class RedisServer {
  readonly port: number;
  readonly #folder: string;
  readonly #flags: readonly string[];
  #child: ChildProcess | undefined;

  private constructor(port: number, folder: string, flags: readonly string[]) {
    this.port = port;
    this.#folder = folder;
    this.#flags = flags;
  }

  /** `flags` as on its command line, as `["--requirepass", "secret"]`. */
  static async start(...flags: readonly string[]): Promise<RedisServer> {
    const server = new RedisServer(await freePort(), await mkdtemp(join(tmpdir(), "ws-redis-")), flags);
    await server.restart();
    return server;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Starts it again, on the same port; resolves when it takes connections. */
  async restart(): Promise<void> {
    const own = ["--port", String(this.port), "--bind", "127.0.0.1", "--dir", this.#folder, "--save", ""];
    this.#child = spawn("redis-server", [...own, ...this.#flags], { stdio: ["ignore", "pipe", "inherit"] });
    await ready(this.#child);
  }

  /** Gives one command, on a connection of its own; gives the answer. */
  async ask(...args: readonly string[]): Promise<Reply> {
    const connection = new RedisConnection(resolveRedisOptions({ url: this.url }), () => undefined);
    await connection.open();
    try {
      return await connection.command(args);
    } finally {
      connection.close(closedFailure());
    }
  }

  /** SIGKILL; what it held is lost. */
  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined) return;
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
  }

  /** Its connections stay, and nothing is answered. */
  pause(): void {
    this.#child?.kill("SIGSTOP");
  }

  continue(): void {
    this.#child?.kill("SIGCONT");
  }

  /** In whatever state it is. */
  async end(): Promise<void> {
    await this.kill();
    await rm(this.#folder, { recursive: true, force: true });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end();
  }
}
