import type { Values } from "./flags.js";
import { optionOfKey } from "./table.js";
import { unknownName } from "./unknown-name.js";
import { checkValue, type OptionValue, UsageError } from "./value.js";

/** The values in a config file. */
export interface ConfigValues {
  readonly values: Values;
  /** Options for `serve` that only the config file can contain: a logger, and Node's TLS options. */
  readonly extra: Readonly<Record<string, unknown>>;
}

const extraKeys = ["logger", "tls"];
/** Keys whose value is an object of options, such as `receiveQueue`. */
const objects = new Set(
  [...optionOfKey.keys()].filter((key) => key.includes(".")).map((key) => key.split(".")[0]),
);
const known = [...extraKeys, ...optionOfKey.keys()];

/** The entries of a config, and those of its objects under names such as `receiveQueue.bytes`. */
function flattened(config: object, prefix = ""): [string, unknown][] {
  return Object.entries(config).flatMap(([key, value]): [string, unknown][] => {
    const isObject = prefix === "" && objects.has(key) && typeof value === "object" && value !== null;
    return isObject ? flattened(value as object, `${key}.`) : [[`${prefix}${key}`, value]];
  });
}

/**
 * Reads the export of a config file. `source` is the name of the file.
 *
 * @throws {UsageError} for an unknown option, and for an invalid value.
 */
export function readConfig(config: unknown, source: string): ConfigValues {
  if (typeof config !== "object" || config === null || Array.isArray(config)) {
    throw new UsageError(`${source}: expected an object of options as its default export`);
  }
  const values = new Map<string, OptionValue>();
  const extra: Record<string, unknown> = {};
  for (const [key, value] of flattened(config)) {
    if (value === undefined) continue;
    const option = optionOfKey.get(key);
    if (option !== undefined) values.set(key, checkValue(option, value, `${source}: ${key}`));
    else if (extraKeys.includes(key)) extra[key] = value;
    else {
      const { message } = unknownName("option", key, known);
      throw new UsageError(`${source}: ${message}`);
    }
  }
  return { values, extra };
}
