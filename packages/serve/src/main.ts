import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import { run } from "./command/run.js";

const here = import.meta.url;

await run(process.argv.slice(2), {
  // Both files are either source or built.
  workerProgram: fileURLToPath(new URL(`worker-main${extname(here)}`, here)),
  manifest: new URL("../package.json", here),
});
