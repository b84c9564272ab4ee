import { ConfigError, readConfig } from "./config.js";
import { EngineServerError, isEngineName } from "./engines/engine-server.js";
import { Ensemble } from "./ensemble.js";

const ensemble = new Ensemble();
let isEnding = false;

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Two processes of the demo on the engine that the command names, with a server of its own. */
async function start(): Promise<boolean> {
  const [, , name] = process.argv;
  if (!isEngineName(name)) throw new ConfigError([`expected redis or nats, got ${JSON.stringify(name)}`]);
  // Which engine it is, the command says.
  const { port } = readConfig({ ...process.env, BROADCAST: "" });
  const { title, url } = await ensemble.startServer(name);
  print(`${title} at ${url}`);
  for (const next of [port, port === 0 ? 0 : port + 1]) {
    if (isEnding) return true;
    const address = await ensemble.startDemo(next);
    if (address === undefined) return false;
    print(`Open ${address}`);
  }
  return true;
}

async function end(code: number): Promise<void> {
  if (isEnding) return;
  isEnding = true;
  process.exitCode = code;
  await starting.catch(() => false);
  await ensemble.close();
}

/** A Ctrl-C through npm comes several times within milliseconds: what comes within this of the first is the same, in ms. */
const sameSignal = 1_000;
let signalledAt: number | undefined;

/** The first signal ends all in order. A later one has no patience. */
function onSignal(): void {
  signalledAt ??= performance.now();
  if (!isEnding) void end(0);
  else if (performance.now() - signalledAt > sameSignal) void ensemble.kill();
}

function explain(error: unknown): string {
  if (error instanceof ConfigError || error instanceof EngineServerError) return error.message;
  throw error;
}

const starting = start();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, onSignal);
try {
  if (await starting) await ensemble.oneEnded();
} catch (error) {
  process.stderr.write(`${explain(error)}\n`);
}
// Before anybody asked for it: whatever ended has told why.
await end(1);
