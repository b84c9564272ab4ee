// Two servers of one process that end with it; the second takes its time. It says what happens, a line each.
import { writeSync } from "node:fs";
import type { Application } from "@ws/events";
import { serve } from "../../serve.js";
import { handleSignals } from "../../signals.js";

function say(line: string): void {
  writeSync(1, `${line}\n`);
}

/** Its shutdown takes so many ms. */
const living =
  (name: string, shutdown: number): Application =>
  async (scope, receive, send) => {
    if (scope.type !== "lifespan") throw new TypeError(`no ${scope.type} here`);
    await receive();
    await send({ type: "lifespan.startup.complete" });
    await receive();
    await new Promise((resolve) => setTimeout(resolve, shutdown));
    say(`drained ${name}`);
    await send({ type: "lifespan.shutdown.complete" });
  };

process.on("exit", (code) => say(`exit ${code}`));
handleSignals(await serve(living("quick", 0), { port: 0 }));
handleSignals(await serve(living("slow", Number(process.argv[2])), { port: 0 }));
say(`open ${process.pid}`);
