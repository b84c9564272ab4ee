import { readFileSync } from "node:fs";
import { createServer as createHttpServer, type RequestListener, type Server } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { answerQuestions } from "../rig/answer.js";
import { listenForRounds } from "../rig/listen.js";
import { textOf } from "../rig/payload.js";
import { cpuTime, type Memory, memoryAfterCollection } from "../rig/usage.js";
import type { ServerTask, Usage } from "./server-task.js";

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

/** Listens for what asks for a round; gives the port. */
function serveRounds(contender: Contender, { burst, size }: ServerTask): Promise<number> {
  const text = textOf(size);
  return listenForRounds(() => {
    for (let count = 0; count < burst; count += 1) contender.broadcast(text);
  });
}

/** Runs a contender as the process that is measured: tells its ports, then its CPU time and memory when asked. */
export async function run(start: (task: ServerTask) => Promise<Contender>): Promise<void> {
  const task: ServerTask = JSON.parse(process.argv[2] ?? "");
  const contender = await start(task);
  const controlPort = task.work === "fanout" ? await serveRounds(contender, task) : 0;
  answerQuestions((question: "usage" | "memory"): Usage | Promise<Memory> =>
    question === "usage" ? { cpu: cpuTime() } : memoryAfterCollection(),
  );
  process.send?.({ port: contender.port, controlPort });
}
