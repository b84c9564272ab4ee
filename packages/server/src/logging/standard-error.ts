import { inspect } from "node:util";
import { printable } from "@ws/events";
import { errorText } from "@ws/events/checks";
import type { Logger } from "../session/logger.js";

/**
 * The longest field, and the longest description of an error, in UTF-16 units. They are bounded because a client may have
 * influenced them.
 */
const maxField = 1_024;
const maxStack = 8_192;
/**
 * Ignores an error of the write: nobody reads standard error any more, and the `error` event that follows must not end the
 * process.
 */
function onWritten(error: Error | null | undefined): void {
  if (error && process.stderr.listenerCount("error") === 0) process.stderr.once("error", () => {});
}

function write(text: string): void {
  process.stderr.write(`${text}\n`, onWritten);
}

/** Shows a thrown value that is no error as Node shows it. */
function show(value: unknown): string {
  return inspect(value, { depth: 1, breakLength: Number.POSITIVE_INFINITY });
}

/** Describes an error in bounded length, with each line indented and without control characters. */
function account(error: unknown): string {
  const lines = errorText(error, show).slice(0, maxStack).split("\n");
  return lines.map((line) => `\n  ${printable(line)}`).join("");
}

function field(name: string, value: unknown): string {
  const text = typeof value === "string" ? value : String(JSON.stringify(value));
  return ` ${name}=${printable(text.slice(0, maxField))}`;
}

/** Formats one line, with the stack of an error below it. */
function line(level: string, message: string, fields: Readonly<Record<string, unknown>>): string {
  const { error, ...rest } = fields;
  const pairs = Object.entries(rest).map(([name, value]) => field(name, value));
  const head = `${new Date().toISOString()} ${level} @ws/server: ${printable(message)}${pairs.join("")}`;
  return "error" in fields ? head + account(error) : head;
}

/** The default logger: it writes warnings and errors to standard error. */
export const standardError: Logger = {
  debug() {},
  info() {},
  warn: (message, fields = {}) => write(line("warn ", message, fields)),
  error: (message, fields = {}) => write(line("error", message, fields)),
};
