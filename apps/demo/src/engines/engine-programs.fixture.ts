import { spawnSync } from "node:child_process";
import { delimiter } from "node:path";
import { describe } from "vitest";
import type { EngineName } from "./engine-server.js";

/** Debian puts nats-server where only root's PATH leads. */
const env = { ...process.env, PATH: `${process.env["PATH"]}${delimiter}/usr/sbin` };

/**
 * Whether an engine's server can be started here; where it can't, a line says that the demo was not tried on it.
 *
 * @throws {Error} for a missing one where CI is "true".
 */
export function isInstalled(engine: EngineName): boolean {
  const program = `${engine}-server`;
  if (spawnSync(program, ["--version"], { env }).status === 0) return true;
  const line = `${program} is not installed: the demo was not tried on it (Debian: apt-get install ${program})`;
  if (process.env["CI"] === "true") throw new Error(line);
  process.stderr.write(`${line}\n`);
  return false;
}

/** Registers the same tests for each engine. Those of one that is not installed here are left out. */
export function describeEngines(
  titleOf: (engine: EngineName) => string,
  tests: (engine: EngineName) => void,
): void {
  for (const engine of ["redis", "nats"] as const) {
    describe.runIf(isInstalled(engine))(titleOf(engine), () => tests(engine));
  }
}
