import type { Logger } from "@ws/server";

/** From the most talkative to none. */
export const logLevels = ["debug", "info", "warn", "error", "silent"] as const;
export type LogLevel = (typeof logLevels)[number];

/** A field as one word: JSON, so that no control character gets out, and bounded. An error by its stack. */
function word(value: unknown): string {
  const plain = value instanceof Error ? (value.stack ?? value.message) : value;
  return (JSON.stringify(plain) ?? String(plain)).slice(0, 2_000);
}

/** One line for each call: time, level, message, fields as `key=value`. Below `level` nothing is written. */
export function createLogger(level: LogLevel, write: (line: string) => void): Logger {
  const lowest = logLevels.indexOf(level);
  const at =
    (name: LogLevel): Logger["info"] =>
    (message, fields = {}) => {
      if (logLevels.indexOf(name) < lowest) return;
      const pairs = Object.entries(fields).map(([key, value]) => ` ${key}=${word(value)}`);
      write(`${new Date().toISOString()} ${name.padEnd(5)} ${message}${pairs.join("")}\n`);
    };
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}
