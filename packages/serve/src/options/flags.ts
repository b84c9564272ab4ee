import { parseArgs } from "node:util";
import { flagOf } from "./option.js";
import { optionOfFlag, options } from "./table.js";
import { unknownName } from "./unknown-name.js";
import { type OptionValue, readText, UsageError } from "./value.js";

/** The values of options from one source, by their keys. */
export type Values = ReadonlyMap<string, OptionValue>;

/** The content of the command line. */
export interface Flags {
  /** `file` or `file:export`. */
  readonly target: string | undefined;
  readonly values: Values;
  readonly isHelp: boolean;
  readonly isVersion: boolean;
  readonly isCheck: boolean;
  /** The path of the config file. */
  readonly config: string | undefined;
}

/** The flags that are no options: they have neither a variable nor a key in the config file. */
const ownFlags = {
  help: { type: "boolean", short: "h" },
  version: { type: "boolean" },
  check: { type: "boolean" },
  config: { type: "string" },
} as const;

const known: readonly string[] = [...Object.keys(ownFlags), ...optionOfFlag.keys()].map(
  (name) => `--${name}`,
);

/**
 * Reads the command line.
 *
 * @throws {UsageError} for an unknown flag, a missing or invalid value, and more than one file.
 */
export function readFlags(args: readonly string[]): Flags {
  const types = options.map((option) => {
    const type = option.kind === "boolean" ? "boolean" : "string";
    return [flagOf(option), { type }] as const;
  });
  const { tokens } = parseArgs({
    args: [...args],
    options: { ...Object.fromEntries(types), ...ownFlags },
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const own = new Set<string>();
  let config: string | undefined;
  const values = new Map<string, OptionValue>();
  const positionals: string[] = [];
  for (const token of tokens) {
    if (token.kind === "positional") positionals.push(token.value);
    if (token.kind !== "option") continue;
    const { name, rawName } = token;
    const value = token.value?.startsWith("--") && !token.inlineValue ? undefined : token.value;
    if (name === "config") config = value ?? missing(rawName);
    else if (Object.hasOwn(ownFlags, name)) own.add(name);
    else readOption(name, rawName, value, values);
  }
  if (positionals.length > 1) {
    throw new UsageError(`expected one file, got ${positionals.slice(0, 4).join(" and ")}`);
  }
  return {
    target: positionals[0],
    values,
    isHelp: own.has("help"),
    isVersion: own.has("version"),
    isCheck: own.has("check"),
    config,
  };
}

function missing(rawName: string): never {
  throw new UsageError(`${rawName}: expected a value behind it`);
}

function readOption(
  name: string,
  rawName: string,
  value: string | undefined,
  values: Map<string, OptionValue>,
): void {
  const positive = optionOfFlag.get(name);
  const negated = name.startsWith("no-") ? optionOfFlag.get(name.slice(3)) : undefined;
  if (negated?.kind === "boolean" && value === undefined) {
    values.set(negated.key, false);
    return;
  }
  if (positive === undefined) throw unknownName("flag", rawName, known);
  if (positive.kind === "boolean" && value === undefined) {
    values.set(positive.key, true);
    return;
  }
  const read = readText(positive, value ?? missing(rawName), rawName);
  const before = values.get(positive.key);
  // A list may be given in several flags.
  values.set(positive.key, Array.isArray(read) && Array.isArray(before) ? [...before, ...read] : read);
}
