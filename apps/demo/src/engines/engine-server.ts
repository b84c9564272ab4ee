import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { Child } from "./child.js";

/** A program that carries messages between processes, and how it is run. */
interface EngineProgram {
  readonly title: string;
  readonly name: string;
  readonly advice: string;
  /** Kept on 127.0.0.1, with all that it writes in a folder of its own. */
  flags(port: number, folder: string): readonly string[];
  /** What it says when it takes connections. */
  readonly sign: string;
}

const programs = {
  redis: {
    title: "Redis",
    name: "redis-server",
    advice: "Debian: apt-get install redis-server; macOS: brew install redis",
    flags: (port, folder) => ["--port", `${port}`, "--bind", "127.0.0.1", "--dir", folder, "--save", ""],
    sign: "Ready to accept connections",
  },
  nats: {
    title: "NATS",
    name: "nats-server",
    advice: "Debian: apt-get install nats-server; macOS: brew install nats-server",
    flags: (port, folder) => ["-a", "127.0.0.1", "-p", `${port}`, "-js", "-sd", folder],
    sign: "Server is ready",
  },
} as const satisfies Readonly<Record<string, EngineProgram>>;

export type EngineName = keyof typeof programs;

/** One line for its user: what is missing, or what the program said when it would not start. */
export class EngineServerError extends Error {
  override readonly name: string = "EngineServerError";
}

/** A server of an engine, for as long as somebody needs it. */
export interface EngineServer {
  readonly title: string;
  readonly url: string;
  readonly child: Child;
  /** Ends it and takes its folder away. */
  close(): Promise<void>;
}

export function isEngineName(name: string | undefined): name is EngineName {
  return name !== undefined && Object.hasOwn(programs, name);
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

/**
 * Starts the server on a free port of 127.0.0.1; resolves when it takes connections.
 *
 * @throws {EngineServerError} where its program is not installed, or ends instead.
 */
export async function startEngineServer(name: EngineName): Promise<EngineServer> {
  const program: EngineProgram = programs[name];
  const port = await freePort();
  const folder = await mkdtemp(join(tmpdir(), `ws-demo-${name}-`));
  // Debian puts nats-server where only root's PATH leads.
  const env = { ...process.env, PATH: `${process.env["PATH"]}${delimiter}/usr/sbin` };
  const child = new Child(spawn(program.name, program.flags(port, folder), { env, detached: true }));
  const close = async (): Promise<void> => {
    await child.end();
    await rm(folder, { recursive: true, force: true });
  };
  if (await child.says(program.sign)) {
    return { title: program.title, url: `${name}://127.0.0.1:${port}`, child, close };
  }
  await close();
  if (child.isMissing) {
    throw new EngineServerError(`${program.name} is not installed (${program.advice}).`);
  }
  const said = child.said.trim().split("\n").at(-1) ?? "";
  throw new EngineServerError(`${program.name} did not start: ${JSON.stringify(said.slice(-200))}`);
}
