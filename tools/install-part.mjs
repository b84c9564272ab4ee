// Installs what one program of the repository runs, and nothing else: no linter, no test runner, no build system. It is
// given the program's package, and how to name in one line what takes time:
// `node tools/install-part.mjs @ws/demo "the demo runs"`.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";

const [name, purpose] = process.argv.slice(2);
const { packageManager } = JSON.parse(readFileSync("package.json", "utf8"));
// Where everything is installed it stays so: `--prod` would take away what this program alone does not need.
const isWhole = existsSync("node_modules/turbo");
const scope = isWhole ? [] : ["--prod", "--filter", `${name}...`];
const install = ["pnpm", "install", "--frozen-lockfile", "--silent", ...scope].join(" ");

const line = setTimeout(() => process.stderr.write(`Installing what ${purpose} ...\n`), 500);
const npx = spawn("npx", ["--yes", "--package", packageManager, "--call", install], {
  stdio: ["ignore", "inherit", "inherit"],
  env: { ...process.env, npm_config_update_notifier: "false" },
});
const [code] = await once(npx, "close");
clearTimeout(line);
// `null` after a signal, which ended this process too where it came from a terminal.
process.exitCode = code ?? 1;
