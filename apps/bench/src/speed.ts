// `pnpm bench`: the speed table; `pnpm bench router`, `broadcast`, `client`, `deflate`, `scale`: programs of their own.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { build } from "./rig/build.js";

const [first = "", ...rest] = process.argv.slice(2);
const isOther = ["router", "broadcast", "client", "deflate", "scale"].includes(first);
const args = isOther ? rest : process.argv.slice(2);

function pathOf(place: string): string {
  return fileURLToPath(new URL(place, import.meta.url));
}

if (!isOther && !args.includes("--source")) build(["server", "middleware"]);
const program = pathOf(isOther ? `${first}.ts` : "speed/main.ts");
const child = spawn(process.execPath, [...process.execArgv, program, ...args], { stdio: "inherit" });
const [code] = await once(child, "close");
process.exitCode = code ?? 1;
