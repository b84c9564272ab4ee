import type { Option } from "./option.js";

/** The value of an option as it is read from a text. */
export type OptionValue = boolean | number | string | readonly string[];

/** A mistake of the user in a flag, a variable or the config file; exit code 2. */
export class UsageError extends Error {
  override readonly name: string = "UsageError";
}

const durations: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };
const sizes: Readonly<Record<string, number>> = { B: 1, KiB: 1_024, MiB: 1_048_576, GiB: 1_073_741_824 };

const expected = {
  boolean: "true or false",
  count: "a whole number",
  duration: "a time such as 500ms, 20s or 5m (a plain number is in ms)",
  size: "a size such as 512KiB or 1MiB (a plain number is in bytes)",
  text: "a text",
  list: "texts with commas between them",
} as const;

function scaled(text: string, units: Readonly<Record<string, number>>): number {
  const [, digits, unit = ""] = /^(\d+(?:\.\d+)?)([A-Za-z]*)$/.exec(text) ?? ["", "none"];
  return Number(digits) * (unit === "" ? 1 : (units[unit] ?? Number.NaN));
}

function numberOf(option: Option, text: string): number {
  if (text === "unlimited" && option.range?.[1] === Number.POSITIVE_INFINITY) return Number.POSITIVE_INFINITY;
  if (option.kind === "duration") return scaled(text, durations);
  if (option.kind === "size") return scaled(text, sizes);
  return /^\d+$/.test(text) ? Number(text) : Number.NaN;
}

function expectation({ kind, range, choices, word }: Option): string {
  if (choices !== undefined) return `one of ${choices.join(", ")}`;
  const bounds = range === undefined ? "" : ` from ${range[0]} to ${range[1]}`;
  return `${expected[kind]}${bounds}${word === undefined ? "" : ` or ${word}`}`;
}

/** The error for an invalid value. `source` says where it was given, such as `--port`. */
function wrong(option: Option, got: string, source: string): UsageError {
  return new UsageError(
    `${source}: expected ${expectation(option)}, got ${JSON.stringify(got.slice(0, 64))}`,
  );
}

/**
 * Reads the text of a flag or a variable.
 *
 * @throws {UsageError} that says what was expected, and where the value was given.
 */
export function readText(option: Option, text: string, source: string): OptionValue {
  switch (option.kind) {
    case "boolean":
      if (/^(true|1|yes|on)$/.test(text)) return true;
      if (/^(false|0|no|off)$/.test(text)) return false;
      throw wrong(option, text, source);
    case "list":
      return text
        .split(",")
        .map((part) => part.trim())
        .filter((part) => part !== "");
    case "text":
      return checkValue(option, text, source);
    default:
      return text === option.word ? text : checkValue(option, numberOf(option, text), source, text);
  }
}

/**
 * Checks a value from the config file, or a number that was read from a text. Times and sizes may be texts in the config
 * file as well.
 *
 * @throws {UsageError} for a value that is out of range or of another kind.
 */
export function checkValue(
  option: Option,
  value: unknown,
  source: string,
  shown: string = String(value),
): OptionValue {
  if (option.isOpen) return value as OptionValue;
  const { kind, range, choices } = option;
  if (kind === "boolean" && typeof value === "boolean") return value;
  if (kind === "list" && Array.isArray(value) && value.every((each) => typeof each === "string"))
    return value;
  if (kind === "text" && typeof value === "string" && (choices?.includes(value) ?? true)) return value;
  if (kind === "count" || kind === "duration" || kind === "size") {
    if (typeof value === "string") return readText(option, value, source);
    const isWithin = ([least, most]: readonly [number, number]): boolean =>
      Number(value) >= least && Number(value) <= most;
    if (typeof value === "number" && range !== undefined && isWithin(range)) return value;
  }
  throw wrong(option, shown, source);
}

/** Writes a value in the largest unit in which it is a whole number. */
function inUnit(value: number, units: Readonly<Record<string, number>>): string {
  const fitting = Object.entries(units).filter(([, factor]) => value % factor === 0 && value >= factor);
  const [unit, factor] = fitting.at(-1) ?? ["", 1];
  return `${value / factor}${unit}`;
}

/** A value with its unit, as `--help` and the README show it. */
export function showValue({ kind }: Option, value: Option["default"]): string {
  if (value === undefined) return "";
  if (typeof value === "boolean") return value ? "on" : "off";
  if (typeof value !== "number") return value.toString() === "" ? "none" : value.toString();
  if (value === Number.POSITIVE_INFINITY) return "unlimited";
  if (kind === "duration") return inUnit(value, durations);
  return kind === "size" ? inUnit(value, sizes) : String(value);
}
