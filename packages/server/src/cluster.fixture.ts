// A program of node:cluster whose worker loses its channel to the primary while it has a connection: its primary asks it to
// disconnect, and then breaks the channel. What the worker's server does is printed.
import cluster from "node:cluster";
import { once } from "node:events";
import type { Application } from "@ws/events";
import { serve } from "./serve.js";

const quiet: Application = async (scope, receive, send) => {
  if (scope.type !== "websocket") return;
  await receive();
  await send({ type: "websocket.accept" });
  await receive();
};

async function lead(): Promise<void> {
  const worker = cluster.fork();
  const [url] = await once(worker, "message");
  process.stdout.write(`${url}\n`);
  await once(process.stdin, "data");
  worker.disconnect();
  worker.process.disconnect();
  await once(worker, "exit");
}

async function work(): Promise<void> {
  const server = await serve(quiet, { port: 0 });
  // Node's own end of a worker that was asked to disconnect fails where its channel is gone.
  process.on("uncaughtException", (error) =>
    process.stdout.write(`${(error as NodeJS.ErrnoException).code}\n`),
  );
  process.once("disconnect", async () => {
    await server.close({ grace: 60_000 });
    process.stdout.write("closed\n", () => process.exit());
  });
  process.send?.(server.url);
}

await (cluster.isPrimary ? lead() : work());
