import { handleSignals, type Server, StartupError, serve } from "@ws/server";
import { createApplication } from "./application.js";
import { type Config, ConfigError, readConfig } from "./config.js";
import { engineAt } from "./engines/engine.js";
import { createLogger } from "./logger.js";

/** What commonly keeps a server from listening, by Node's error code. */
const causes: Readonly<Record<string, string>> = {
  EADDRINUSE: "the port is in use; stop what listens there, or choose another PORT",
  EACCES: "the port needs more rights; choose a PORT from 1024 up",
  EADDRNOTAVAIL: "this machine has no such address; choose another HOST",
  EAI_AGAIN: "the host name can't be looked up; choose another HOST",
  ENOTFOUND: "the host name is not known; choose another HOST",
};

/** A failure that its user can mend, in lines without a stack. */
function explain(error: unknown, config: Config | undefined): string {
  if (error instanceof ConfigError) return error.message;
  if (error instanceof StartupError) return `${error.message}. BROADCAST says where the engine is.`;
  const cause = causes[(error as NodeJS.ErrnoException).code ?? ""];
  if (cause === undefined || config === undefined) throw error;
  return `Cannot listen on ${config.host} port ${config.port}: ${cause}.`;
}

async function start(): Promise<Server | undefined> {
  let config: Config | undefined;
  try {
    config = readConfig(process.env);
    const { host, port, allowedOrigins, allowedHosts, logLevel, broadcast } = config;
    const logger = createLogger(logLevel, (line) => process.stderr.write(line));
    const application = createApplication({ logger, engine: engineAt(broadcast) });
    return await serve(application, { host, port, allowedOrigins, allowedHosts, logger });
  } catch (error) {
    process.stderr.write(`${explain(error, config)}\n`);
    process.exitCode = 1;
    return undefined;
  }
}

const server = await start();
if (server !== undefined) {
  handleSignals(server);
  process.stdout.write(`Open ${server.url}\n`);
}
