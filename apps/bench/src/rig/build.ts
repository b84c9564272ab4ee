import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Builds these packages: servers run what was built, as a user has it. Turbo wants pnpm on the path, which it need not be. */
export function build(names: readonly string[]): void {
  const root = fileURLToPath(new URL("../../../../", import.meta.url));
  const { packageManager } = JSON.parse(readFileSync(`${root}package.json`, "utf8"));
  const packages = names.map((name) => `--filter=@ws/${name}`).join(" ");
  const command = `turbo run build ${packages} --output-logs=errors-only`;
  const { status, stdout, stderr } = spawnSync("npx", ["--yes", "-p", packageManager, "-c", command], {
    cwd: root,
    encoding: "utf8",
    env: { ...process.env, TURBO_TELEMETRY_DISABLED: "1" },
  });
  if (status !== 0) throw new Error(`expected a build, got\n${stdout}\n${stderr}`);
}
