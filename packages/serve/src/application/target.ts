import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { UsageError } from "../options/value.js";

/** The file of the application, and the export that it is. */
export interface Target {
  /** An absolute path. */
  readonly file: string;
  /** The name of the export; `undefined` where the usual names are tried. */
  readonly exported: string | undefined;
}

const usualNames = ["app", "src/app", "application", "server", "src/server"];
const extensions = [".ts", ".mts", ".js", ".mjs"];

/**
 * Finds the file that `file[:export]` names; where nothing is given, the first of the usual files.
 *
 * @throws {UsageError} where there is no such file.
 */
export function findTarget(given: string | undefined, folder: string): Target {
  const [, name = given, exported] = /^(.+):([\w$]+)$/.exec(given ?? "") ?? [];
  if (name !== undefined) {
    const file = resolve(folder, name);
    if (!existsSync(file)) throw new UsageError(`${name}: there is no such file in ${folder}`);
    return { file, exported };
  }
  for (const usual of usualNames) {
    const found = extensions.map((extension) => resolve(folder, `${usual}${extension}`)).find(existsSync);
    if (found !== undefined) return { file: found, exported: undefined };
  }
  throw new UsageError(
    `expected a file, as in "ws-serve app.ts", or one of ${usualNames.join(", ")} (${extensions.join(" ")}) in ${folder}`,
  );
}

const configNames = ["ws.config.ts", "ws.config.js", "ws.config.json"];

/**
 * Finds the config file; `undefined` where there is none and none was asked for.
 *
 * @throws {UsageError} where a file was asked for and is missing.
 */
export function findConfig(given: string | undefined, folder: string): string | undefined {
  if (given === undefined) return configNames.map((name) => resolve(folder, name)).find(existsSync);
  const file = resolve(folder, given);
  if (!existsSync(file)) throw new UsageError(`--config: there is no ${given} in ${folder}`);
  return file;
}
