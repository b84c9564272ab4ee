import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import { run } from "./command/run.js";

const here = import.meta.url;

await run(process.argv.slice(2), {
  // Both are source, or both are built.
  workerProgram: fileURLToPath(new URL(`worker-main${extname(here)}`, here)),
  manifest: new URL("../package.json", here),
});
