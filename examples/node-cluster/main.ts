import cluster from "node:cluster";
import { once } from "node:events";
import { availableParallelism } from "node:os";
import { work } from "./worker.js";

/** How long it takes until a worker that died is replaced, in ms: one that dies at once must not keep the machine busy. */
const pause = 1_000;

let isEnding = false;

/** Starts a worker, and another one whenever it dies; resolves with the address when the first of them listens. */
function keepWorker(): Promise<string> {
  const worker = cluster.fork();
  return new Promise((resolve) => {
    worker.once("message", ({ url }) => resolve(url));
    worker.once("exit", () => {
      if (!isEnding) setTimeout(() => void replaceWorker().then(resolve), pause);
    });
  });
}

async function replaceWorker(): Promise<string> {
  const url = await keepWorker();
  process.stdout.write("A process that died has been replaced\n");
  return url;
}

/**
 * Waits for the workers, which close their connections with 1012, as `handleSignals` does it. They are asked by a signal and not
 * by `worker.disconnect()`, which would wait until the last client has left by itself.
 */
async function end(signal: NodeJS.Signals): Promise<void> {
  isEnding = true;
  const workers = Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined);
  const ended = workers.map((worker) => once(worker, "exit"));
  // Ctrl-C in a terminal has reached them already, and a second signal would cut their connections off.
  if (signal === "SIGTERM") for (const worker of workers) worker.process.kill(signal);
  await Promise.all(ended);
  process.exit(0);
}

async function lead(count: number): Promise<void> {
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, end);
  const urls = await Promise.all(Array.from({ length: count }, keepWorker));
  process.stdout.write(`Listening at ${urls[0]}, in ${count} processes\n`);
}

await (cluster.isPrimary ? lead(Number(process.env["WORKERS"] ?? availableParallelism())) : work());
