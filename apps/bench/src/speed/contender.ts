import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer as createHttpServer, type RequestListener, type Server } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { type AddressInfo, createServer } from "node:net";
import { textOf } from "../rig/payload.js";
import type { Memory, ServerTask, Usage } from "./server-task.js";

/** A server that listens. */
export interface Contender {
  readonly port: number;
  /** Sends a text to all that are connected. */
  broadcast(text: string): void;
}

/** Key and certificate as Node takes them; nothing without TLS. */
export function tlsOf({ tls }: ServerTask): { readonly key: Buffer; readonly cert: Buffer } | undefined {
  return tls && { key: readFileSync(tls.key), cert: readFileSync(tls.cert) };
}

/** Node's server, with TLS where the task says so. */
export function httpServer(task: ServerTask, listener?: RequestListener): Server {
  const tls = tlsOf(task);
  return tls === undefined ? createHttpServer(listener) : createHttpsServer(tls, listener);
}

export async function listen(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

/** Listens for bytes, each of which asks for a round; gives the port. */
async function serveRounds(contender: Contender, { burst, size }: ServerTask): Promise<number> {
  const text = textOf(size);
  const server = createServer((socket) => {
    socket.on("data", () => {
      for (let count = 0; count < burst; count += 1) contender.broadcast(text);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

function usage(): Usage {
  const { user, system } = process.cpuUsage();
  return { cpu: user + system };
}

async function memory(): Promise<Memory> {
  for (let round = 0; round < 3; round += 1) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    globalThis.gc?.();
  }
  const { rss, heapUsed, external } = process.memoryUsage();
  return { rss, held: heapUsed + external };
}

/** Runs a contender as the process that is measured: tells its ports, then its CPU time and memory when asked. */
export async function run(start: (task: ServerTask) => Promise<Contender>): Promise<void> {
  const task: ServerTask = JSON.parse(process.argv[2] ?? "");
  const contender = await start(task);
  const controlPort = task.work === "fanout" ? await serveRounds(contender, task) : 0;
  process.on("message", (question: "usage" | "memory") => {
    if (question === "usage") process.send?.(usage());
    else void memory().then((answer) => process.send?.(answer));
  });
  // By itself, so that a profile is written.
  process.on("disconnect", () => process.exit());
  process.send?.({ port: contender.port, controlPort });
}
