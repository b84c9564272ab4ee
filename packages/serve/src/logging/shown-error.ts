import { inspect } from "node:util";
import { errorText } from "@ws/events/checks";

/** An error for the log with its causes; anything else that was thrown as Node shows it. Never throws. */
export function shownError(error: unknown): string {
  return errorText(error, (value) => inspect(value, { depth: 1, breakLength: Number.POSITIVE_INFINITY }));
}
