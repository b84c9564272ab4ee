// Runs the programs that it is given one after the other, and tells its parent of each that has ended. One that throws, or
// leaves a rejection that nobody awaits, ends this process; the parent goes on with those behind it.
import { setImmediate } from "node:timers/promises";
import { pathToFileURL } from "node:url";

for (const path of process.argv.slice(2)) {
  await import(pathToFileURL(path).href);
  // A rejection that nobody awaits ends the process before this turn does.
  await setImmediate();
  process.send?.(path);
}
// A page may show how a server is started and not how it is closed.
process.disconnect();
process.exit();
