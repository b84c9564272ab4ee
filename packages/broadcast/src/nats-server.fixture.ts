import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

/** Debian puts it where only root's PATH leads. */
const env = { ...process.env, PATH: `${process.env["PATH"]}${delimiter}/usr/sbin` };

/**
 * Whether a real nats-server can be started here. Where it can't, one line says so, and CI fails.
 *
 * @throws {Error} without nats-server where CI is "true".
 */
export function hasNatsServer(): boolean {
  if (spawnSync("nats-server", ["--version"], { env }).status === 0) return true;
  const line =
    "nats-server is not installed: the NATS engine was not tried (Debian: apt-get install nats-server)";
  if (process.env["CI"] === "true") throw new Error(line);
  process.stderr.write(`${line}\n`);
  return false;
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
  const ended = once(child, "exit").then(() => Promise.reject(new Error(`nats-server: ${said.slice(-300)}`)));
  const isReady = new Promise<void>((resolve) => {
    child.stderr?.on("data", (chunk) => {
      said += chunk;
      if (said.includes("Server is ready")) resolve();
    });
  });
  ended.catch(() => undefined);
  await Promise.race([isReady, ended]);
}

/** A real nats-server on 127.0.0.1, with a folder of its own, and JetStream. */
export class NatsServer {
  readonly port: number;
  readonly #folder: string;
  #child: ChildProcess | undefined;

  private constructor(port: number, folder: string) {
    this.port = port;
    this.#folder = folder;
  }

  /** `configuration` in nats-server's own language; by default JetStream and nothing else. */
  static async start(configuration = ""): Promise<NatsServer> {
    const server = new NatsServer(await freePort(), await mkdtemp(join(tmpdir(), "ws-nats-")));
    await server.restart(configuration);
    return server;
  }

  get url(): string {
    return `nats://127.0.0.1:${this.port}`;
  }

  /** Starts it again, on the same port; resolves when it takes connections. */
  async restart(configuration = ""): Promise<void> {
    const file = join(this.#folder, "nats.conf");
    await writeFile(file, configuration);
    const flags = ["-a", "127.0.0.1", "-p", String(this.port), "-c", file, "-js", "-sd", this.#folder];
    this.#child = spawn("nats-server", flags, { env, stdio: ["ignore", "ignore", "pipe"] });
    await ready(this.#child);
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

  /** Its connections stay, and nothing is answered; resolves when it has stopped. */
  async pause(): Promise<void> {
    const child = this.#child;
    child?.kill("SIGSTOP");
    const state = ["-o", "state=", "-p", String(child?.pid)];
    while (!spawnSync("ps", state).stdout.toString().includes("T")) await new Promise(setImmediate);
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
