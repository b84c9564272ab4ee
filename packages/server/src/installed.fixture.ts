import { spawnSync } from "node:child_process";
import { delimiter } from "node:path";

/** Debian puts some programs where only root's PATH leads. */
export const env: NodeJS.ProcessEnv = { ...process.env, PATH: `${process.env["PATH"]}${delimiter}/usr/sbin` };

/**
 * Whether a program that a test runs is there. Where it is not, one line says what was not tried without it.
 *
 * @param debian the package of Debian that has it.
 * @throws {Error} where it is missing and CI is "true".
 */
export function isInstalled(program: string, debian: string): boolean {
  if (spawnSync(program, ["-V"], { env }).error === undefined) return true;
  const text = `${program} is not installed: its tests did not run (Debian: apt-get install ${debian})`;
  if (process.env["CI"] === "true") throw new Error(text);
  process.stderr.write(`${text}\n`);
  return false;
}
