import { inspect } from "node:util";
import { errorText } from "@ws/events/checks";

/**
 * Describes an error with its causes for the log. Any other value that was thrown is shown as Node shows it. It never
 * throws.
 */
export function shownError(error: unknown): string {
  return errorText(error, (value) => inspect(value, { depth: 1, breakLength: Number.POSITIVE_INFINITY }));
}
