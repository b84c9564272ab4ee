import { spawnSync } from "node:child_process";
import { delimiter } from "node:path";
import type { EngineName } from "./engine-server.js";

/** Debian puts nats-server where only root's PATH leads. */
const env = { ...process.env, PATH: `${process.env["PATH"]}${delimiter}/usr/sbin` };

/**
 * The engines whose servers can be started here. For each other a line says that the demo was not tried on it.
 *
 * @throws {Error} for a missing one where CI is "true".
 */
export function installedEngines(): readonly EngineName[] {
  return (["redis", "nats"] as const).filter((name) => {
    const program = `${name}-server`;
    if (spawnSync(program, ["--version"], { env }).status === 0) return true;
    const line = `${program} is not installed: the demo was not tried on it (Debian: apt-get install ${program})`;
    if (process.env["CI"] === "true") throw new Error(line);
    process.stderr.write(`${line}\n`);
    return false;
  });
}
