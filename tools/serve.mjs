// `ws-serve` from its source, by tsx: `node --conditions=@ws/source tools/serve.mjs app.ts --import tsx`. To load an
// application from source takes most of the start, so its process is the first thing that is started; this one loads the
// command meanwhile.
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";

const source = new URL("../packages/serve/src/", import.meta.url);
const workerProgram = fileURLToPath(new URL("worker-main.ts", source));
const args = process.argv.slice(2);
const started = fork(workerProgram, args, {
  execArgv: [...process.execArgv, "--import", "tsx", "--disable-warning=ExperimentalWarning"],
  stdio: ["ignore", "inherit", "inherit", "ipc"],
});

const { register } = await import("tsx/esm/api");
register();
const { run } = await import(new URL("command/run.ts", source).href);
await run(args, { workerProgram, manifest: new URL("../package.json", source), started });
