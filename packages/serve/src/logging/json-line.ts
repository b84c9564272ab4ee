import { hostname } from "node:os";
import { type Fields, type Level, levels } from "./level.js";
import { shownError } from "./shown-error.js";

const host = hostname();

/**
 * The longest line in bytes, without its newline. The system writes that much into a pipe in one piece (PIPE_BUF), so that
 * the lines of several processes never mix.
 */
const maxLine = 4_095;
/** The longest texts in a line, in UTF-16 units, and the length to which they are cut where the line is still too long. */
const [maxText, maxStack, shortText] = [512, 2_048, 128];

/** The parts of an error under the names that pino uses. */
function errorFields(error: unknown, longest: number): object {
  const { name, message } = error instanceof Error ? error : { name: typeof error, message: String(error) };
  return {
    type: String(name).slice(0, shortText),
    message: String(message).slice(0, Math.min(longest, maxText)),
    stack: shownError(error).slice(0, longest),
  };
}

function bounded(value: unknown, longest: number): unknown {
  if (typeof value === "string") return value.slice(0, longest);
  if (typeof value === "bigint" || typeof value === "symbol" || typeof value === "function")
    return String(value);
  if (typeof value !== "object" || value === null) return value;
  try {
    const text = JSON.stringify(value);
    return text.length <= longest ? JSON.parse(text) : text.slice(0, longest);
  } catch {
    return "a value that can't be written";
  }
}

function line(level: Level, message: string, fields: Fields, texts: number, stack: number): string {
  const { error, ...rest } = fields;
  const own = Object.entries(rest).map(([key, value]) => [key, bounded(value, texts)]);
  return JSON.stringify({
    ...Object.fromEntries(own),
    ...("error" in fields && { err: errorFields(error, stack) }),
    level: levels[level],
    time: Date.now(),
    pid: process.pid,
    hostname: host,
    msg: message.slice(0, texts),
  });
}

/** A line of the log in the format of pino, of bounded length. JSON escapes characters that would end the line. */
export function jsonLine(level: Level, message: string, fields: Fields): string {
  const whole = line(level, message, fields, maxText, maxStack);
  if (Buffer.byteLength(whole) <= maxLine) return whole;
  const short = line(level, message, fields, shortText, maxText);
  return Buffer.byteLength(short) <= maxLine ? short : line(level, message, {}, shortText, 0);
}
