import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { type ConfigValues, readConfig } from "../options/config-values.js";
import type { Flags } from "../options/flags.js";
import { merged, type Resolved, resolveSettings, type Surroundings } from "../options/settings.js";
import { UsageError } from "../options/value.js";
import { readVariables } from "../options/variables.js";

/** All settings with which to run the application. */
export interface Loaded extends Resolved {
  /** Options for `serve` that only the config file can contain. */
  readonly extra: Readonly<Record<string, unknown>>;
}

function loadEnvironment(files: readonly string[], folder: string): void {
  for (const file of files) {
    try {
      process.loadEnvFile(resolve(folder, file));
    } catch (error) {
      throw new UsageError(`--env-file: ${file} can't be read (${(error as NodeJS.ErrnoException).code})`);
    }
  }
}

async function loadConfig(file: string | undefined): Promise<ConfigValues> {
  if (file === undefined) return { values: new Map(), extra: {} };
  const source = basename(file);
  if (!file.endsWith(".json")) {
    const module = (await import(pathToFileURL(file).href)) as { readonly default?: unknown };
    return readConfig(module.default, source);
  }
  let config: unknown;
  try {
    config = JSON.parse(await readFile(file, "utf8"));
  } catch (error) {
    throw new UsageError(`${source}: ${(error as Error).message}`);
  }
  return readConfig(config, source);
}

/**
 * Reads all settings beside the command line and merges them: variables in files, the environment, the config file, and the
 * modules that are loaded first.
 *
 * @throws {UsageError} for a mistake in any of them. An error that a config file or such a module throws is passed on.
 */
export async function loadSettings(
  flags: Flags,
  config: string | undefined,
  folder: string,
  surroundings: Surroundings,
): Promise<Loaded> {
  const files = (flags.values.get("envFile") ??
    readVariables(process.env).get("envFile") ??
    []) as readonly string[];
  loadEnvironment(files, folder);
  const { values, extra } = await loadConfig(config);
  if (files.length === 0) loadEnvironment((values.get("envFile") ?? []) as readonly string[], folder);
  const resolved = resolveSettings(merged(flags.values, readVariables(process.env), values), surroundings);
  const resolver = createRequire(join(folder, "ws.config.js"));
  for (const module of (values.get("import") ?? []) as readonly string[]) {
    await import(pathToFileURL(resolver.resolve(module)).href);
  }
  return { ...resolved, extra };
}
