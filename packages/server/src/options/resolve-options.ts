import { resolveLogger } from "../logging/resolve-logger.js";
import { connectionRows } from "./connection-rows.js";
import { defaultsOf } from "./option-row.js";
import type { ConnectionOptions, ResolvedOptions } from "./options.js";
import { checkRanges } from "./range.js";
import { serverRows } from "./server-rows.js";

const rows = { ...connectionRows, ...serverRows };

/** The defaults. */
export const defaults: ResolvedOptions = defaultsOf(rows);

/** Checks a name: a limit with a misspelt name would not be enforced. */
function checkName(name: string): void {
  if (Object.hasOwn(defaults, name)) return;
  const known = Object.keys(defaults).join(", ");
  throw new TypeError(`options: expected ${known} and where to listen, got ${name.slice(0, 64)}`);
}

/**
 * Fills in the defaults. A key that is undefined counts as not given.
 *
 * @throws {TypeError} for a name that is no option, or a value out of range; the message names the range.
 */
export function resolveOptions(given: Partial<ConnectionOptions>): ResolvedOptions {
  for (const name of Object.keys(given)) checkName(name);
  const known = Object.entries(given).filter(([, value]) => value !== undefined);
  const options: ConnectionOptions = { ...defaults, ...Object.fromEntries(known) };
  checkRanges(rows, options);
  if (options.rootPath !== "" && !/^\/.*[^/]$/.test(options.rootPath)) {
    throw new TypeError(
      `options.rootPath: expected "" or "/path" without a trailing slash, got "${options.rootPath.slice(0, 64)}"`,
    );
  }
  return { ...options, logger: resolveLogger(options.logger) };
}
