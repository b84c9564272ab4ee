import { printable } from "@ws/events";
import type { Logger } from "@ws/server";

/** From the most talkative to none. */
export const logLevels = ["debug", "info", "warn", "error", "silent"] as const;
export type LogLevel = (typeof logLevels)[number];

/** The longest field, and the longest stack: a client may have had a hand in them. */
const longest = 2_000;

/** A field as one word: JSON, so that no control character gets out, and bounded. */
function word(value: unknown): string {
  return (JSON.stringify(value) ?? String(value)).slice(0, longest);
}

/** The stack of an error, each of its lines indented. */
function stackOf(error: unknown): string {
  const stack = error instanceof Error ? String(error.stack ?? error) : word(error);
  const lines = stack.slice(0, longest).split("\n");
  return lines.map((line) => `\n  ${printable(line)}`).join("");
}

/**
 * One line for each call: time, level, message, fields as `key=value`; below it the stack of an error. Below `level`
 * nothing is written.
 */
export function createLogger(level: LogLevel, write: (line: string) => void): Logger {
  const lowest = logLevels.indexOf(level);
  const at =
    (name: LogLevel): Logger["info"] =>
    (message, fields = {}) => {
      if (logLevels.indexOf(name) < lowest) return;
      const { error, ...rest } = fields;
      const pairs = Object.entries(rest).map(([key, value]) => ` ${key}=${word(value)}`);
      const below = "error" in fields ? stackOf(error) : "";
      write(`${new Date().toISOString()} ${name.padEnd(5)} ${message}${pairs.join("")}${below}\n`);
    };
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}
