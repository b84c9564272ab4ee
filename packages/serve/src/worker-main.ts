import type { Socket } from "node:net";
import { defaults } from "@ws/server";
import { createLogger } from "./logging/logger.js";
import type { Order } from "./parent/messages.js";
import { checkedOptions } from "./worker/checked-options.js";
import { tell } from "./worker/parent-link.js";
import { Serving } from "./worker/serving.js";
import { applicationOf, failureOf, settingsOf } from "./worker/start.js";
import { type WorkerSetup, workerSetup } from "./worker/worker-setup.js";
import { onUnhandledRejection } from "./worker/wrap-application.js";

/** These signals are ignored here. A Ctrl-C reaches every process of the terminal, but the parent decides what to do. */
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => {});

/** Set when the command line has been read. */
let setup: WorkerSetup | undefined;
/** Set when the application runs. */
let serving: Serving | undefined;

async function fail(error: unknown): Promise<void> {
  await tell(failureOf(error, setup?.target.file));
  process.exit(1);
}

process.on("disconnect", () => {
  if (serving === undefined) process.exit(1);
  void serving.orphaned();
});
process.on("uncaughtException", (error) => {
  if (serving === undefined) void fail(error);
  else void serving.fail(error);
});

async function start(): Promise<void> {
  setup = workerSetup(process.argv.slice(2));
  const loaded = await settingsOf(setup);
  const { settings } = loaded;
  // Tells the application how many workers there are. An engine that works only within one process uses it.
  process.env["WS_WORKERS"] = String(settings.workers);
  if (setup.flags.isCheck) {
    await applicationOf(setup, loaded);
    await tell({ type: "checked", options: await checkedOptions(loaded) });
    return process.exit(0);
  }
  const { startupTimeout = defaults.startupTimeout } = loaded.server as { readonly startupTimeout?: number };
  const hasTls = settings.tlsCert !== undefined || loaded.extra["tls"] !== undefined;
  void tell({ type: "resolved", settings, server: { hasTls, startupTimeout } });
  const logger = createLogger(settings);
  process.on("unhandledRejection", (error) => {
    // Before the application has started, an unhandled rejection means that the start failed.
    if (serving === undefined) void fail(error);
    else onUnhandledRejection(error, logger);
  });
  const started = new Serving(loaded, logger);
  await started.start(await applicationOf(setup, loaded));
  serving = started;
  process.on("message", (order: Order, socket: Socket | undefined) => started.onOrder(order, socket));
  await tell({ type: "ready" });
}

try {
  await start();
} catch (error) {
  await fail(error);
}
