// `pnpm bench`: the speed table; `pnpm bench router`, `broadcast`, `client`, `deflate`, `scale`: programs of their own.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const [first = "", ...rest] = process.argv.slice(2);
const isOther = ["router", "broadcast", "client", "deflate", "scale"].includes(first);
const args = isOther ? rest : process.argv.slice(2);

function pathOf(place: string): string {
  return fileURLToPath(new URL(place, import.meta.url));
}

/** Servers run what was built, as a user has it. Turbo wants pnpm on the path, which it need not be. */
function build(): void {
  const root = pathOf("../../../");
  const { packageManager } = JSON.parse(readFileSync(`${root}package.json`, "utf8"));
  const command = "turbo run build --filter=@ws/server --filter=@ws/middleware --output-logs=errors-only";
  const { status, stdout, stderr } = spawnSync("npx", ["--yes", "-p", packageManager, "-c", command], {
    cwd: root,
    encoding: "utf8",
    env: { ...process.env, TURBO_TELEMETRY_DISABLED: "1" },
  });
  if (status !== 0) throw new Error(`expected a build, got\n${stdout}\n${stderr}`);
}

if (!isOther && !args.includes("--source")) build();
const program = pathOf(isOther ? `${first}.ts` : "speed/main.ts");
const child = spawn(process.execPath, [...process.execArgv, program, ...args], { stdio: "inherit" });
const [code] = await once(child, "close");
process.exitCode = code ?? 1;
