import { printable } from "@ws/events/checks";
import type { Fields, Level } from "./level.js";
import { shownError } from "./shown-error.js";

/**
 * The longest field, and the longest description of an error, in UTF-16 units. They are bounded because a client may have
 * influenced them.
 */
const [maxField, maxStack] = [1_024, 8_192];

function field(name: string, value: unknown): string {
  const text = typeof value === "string" ? value : String(JSON.stringify(value));
  return ` ${name}=${printable(text.slice(0, maxField))}`;
}

/** A stack with each of its lines indented, and without control characters. */
function stackBelow(error: unknown): string {
  const lines = shownError(error).slice(0, maxStack).split("\n");
  return lines.map((line) => `\n  ${printable(line)}`).join("");
}

/** A line with the time of day, the message and its fields; the stack of an error follows below. */
export function prettyLine(level: Level, message: string, fields: Fields): string {
  const { error, ...rest } = fields;
  const pairs = Object.entries(rest).map(([name, value]) => field(name, value));
  const time = new Date().toTimeString().slice(0, 8);
  const head = `${time} ${level.padEnd(5)} ${printable(message)}${pairs.join("")}`;
  return "error" in fields ? head + stackBelow(error) : head;
}
