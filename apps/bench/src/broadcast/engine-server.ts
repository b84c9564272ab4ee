import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { canPin } from "../rig/worker.js";
import type { EngineName } from "./server-task.js";

/** Debian puts some servers where only root's PATH leads. */
const env = { ...process.env, PATH: `${process.env["PATH"]}${delimiter}/usr/sbin` };

interface Kind {
  readonly program: string;
  readonly scheme: string;
  flags(port: string, folder: string): readonly string[];
  /** What it says when it takes connections. */
  readonly ready: string;
}

const kinds: Readonly<Record<Exclude<EngineName, "memory">, Kind>> = {
  redis: {
    program: "redis-server",
    scheme: "redis",
    flags: (port, folder) => ["--port", port, "--bind", "127.0.0.1", "--dir", folder, "--save", ""],
    ready: "Ready to accept connections",
  },
  nats: {
    program: "nats-server",
    scheme: "nats",
    flags: (port) => ["-a", "127.0.0.1", "-p", port],
    ready: "Server is ready",
  },
};

async function freePort(): Promise<string> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return String(typeof address === "object" && address !== null ? address.port : 0);
}

/** Resolves when the server takes connections; rejects with what it said when it ends instead. */
async function ready(child: ChildProcess, text: string): Promise<void> {
  let said = "";
  await new Promise<void>((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", () => reject(new Error(`expected "${text}", got ${said.slice(-300)}`)));
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on("data", (chunk) => {
        said = said.slice(-1_000) + chunk;
        if (said.includes(text)) resolve();
      });
    }
  });
}

/** What the program says of its version; undefined where there is none. */
export function versionOf(engine: EngineName): string | undefined {
  if (engine === "memory") return "";
  const { program } = kinds[engine];
  const { status, stdout } = spawnSync(program, ["--version"], { env, encoding: "utf8" });
  return status === 0 ? `${program} ${/\d+\.\d+\.\d+/.exec(stdout)?.[0] ?? ""}` : undefined;
}

/** A server of an engine on 127.0.0.1, with a folder of its own and nothing kept; for memory there is none. */
export class EngineServer implements AsyncDisposable {
  readonly url: string;
  readonly #child: ChildProcess | undefined;
  #busPort: number | undefined;

  private constructor(url: string, child?: ChildProcess) {
    this.url = url;
    this.#child = child;
  }

  static async start(engine: EngineName, core: number): Promise<EngineServer> {
    return engine === "memory" ? new EngineServer("") : await EngineServer.#start(engine, core);
  }

  /** A node of a Redis Cluster that knows no other yet. */
  static async startNode(core: number): Promise<EngineServer> {
    const busPort = await freePort();
    const flags = ["--cluster-enabled", "yes", "--cluster-port", busPort];
    const server = await EngineServer.#start("redis", core, flags);
    server.#busPort = Number(busPort);
    return server;
  }

  static async #start(
    engine: Exclude<EngineName, "memory">,
    core: number,
    own: readonly string[] = [],
  ): Promise<EngineServer> {
    const { program, scheme, flags, ready: text } = kinds[engine];
    const [port, folder] = [await freePort(), mkdtempSync(join(tmpdir(), "ws-bench-"))];
    const command = [program, ...flags(port, folder), ...own];
    const [file = "", ...rest] = canPin ? ["taskset", "-c", String(core), ...command] : command;
    const child = spawn(file, rest, { env, stdio: ["ignore", "pipe", "pipe"] });
    const kill = (): boolean => child.kill("SIGKILL");
    process.on("exit", kill);
    child.on("exit", () => {
      process.off("exit", kill);
      rmSync(folder, { recursive: true, force: true });
    });
    await ready(child, text);
    return new EngineServer(`${scheme}://127.0.0.1:${port}`, child);
  }

  /** Where other nodes of a cluster reach it. */
  get busPort(): number | undefined {
    return this.#busPort;
  }

  /** CPU time in µs, by the ticks of 10 ms that Linux counts; NaN where there is none. */
  get cpu(): number {
    try {
      const stat = readFileSync(`/proc/${this.#child?.pid}/stat`, "utf8");
      // After the name, which may hold blanks: state is the first, user and system the twelfth and thirteenth.
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      return (Number(fields[11]) + Number(fields[12])) * 10_000;
    } catch {
      return Number.NaN;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
  }
}
