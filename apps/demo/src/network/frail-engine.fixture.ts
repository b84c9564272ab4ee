import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import type { Engine } from "@ws/broadcast";
import { nats } from "@ws/broadcast/nats";
import { redis } from "@ws/broadcast/redis";
import { onTestFinished } from "vitest";
import { Child } from "../engines/child.js";
import type { EngineName } from "../engines/engine-server.js";

const signs = { redis: "Ready to accept connections", nats: "Server is ready" } as const;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address !== null ? address.port : 0;
}

/** A server of an engine that hangs, dies and comes back on its port. */
export class FrailEngine {
  readonly #name: EngineName;
  readonly #port: number;
  readonly #folder: string;
  #process: ChildProcess | undefined;
  #child: Child | undefined;

  private constructor(name: EngineName, port: number, folder: string) {
    this.#name = name;
    this.#port = port;
    this.#folder = folder;
  }

  static async start(name: EngineName): Promise<FrailEngine> {
    const folder = await mkdtemp(join(tmpdir(), `ws-frail-${name}-`));
    const engine = new FrailEngine(name, await freePort(), folder);
    onTestFinished(async () => {
      await engine.kill();
      await rm(folder, { recursive: true, force: true });
    });
    await engine.restart();
    return engine;
  }

  engine(): Engine {
    const url = `${this.#name}://127.0.0.1:${this.#port}`;
    return this.#name === "redis" ? redis({ url }) : nats({ servers: url });
  }

  /** Starts it, with what it keeps on disk: NATS its streams, Redis nothing. */
  async restart(): Promise<void> {
    const port = String(this.#port);
    const flags = {
      redis: ["--port", port, "--bind", "127.0.0.1", "--dir", this.#folder, "--save", ""],
      nats: ["-a", "127.0.0.1", "-p", port, "-js", "-sd", this.#folder],
    };
    // Debian puts nats-server where only root's PATH leads.
    const env = { ...process.env, PATH: `${process.env["PATH"]}${delimiter}/usr/sbin` };
    this.#process = spawn(`${this.#name}-server`, flags[this.#name], { env });
    this.#child = new Child(this.#process);
    if (!(await this.#child.says(signs[this.#name]))) throw new Error(this.#child.said);
  }

  /** It answers nothing, and closes nothing. */
  hang(): void {
    this.#process?.kill("SIGSTOP");
  }

  goOn(): void {
    this.#process?.kill("SIGCONT");
  }

  async kill(): Promise<void> {
    await this.#child?.end("SIGKILL");
  }
}
