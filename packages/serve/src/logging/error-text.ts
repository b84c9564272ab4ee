import { inspect } from "node:util";
import { helpLine } from "@ws/events/checks";

/** How many causes of an error are told. */
const maxCauses = 3;

/** An error by its stack and those of its causes; anything else that was thrown as Node shows it. */
function errorText(error: unknown, left: number = maxCauses): string {
  if (!(error instanceof Error)) return inspect(error, { depth: 1, breakLength: Number.POSITIVE_INFINITY });
  const { stack, cause } = error;
  // A syntax error's stack has file and line in front, where Node knows them.
  const text = String(stack ?? error) + helpLine(error);
  return cause === undefined || left === 0 ? text : `${text}\ncaused by: ${errorText(cause, left - 1)}`;
}

/** The same, of what can't even be read. */
export function safeErrorText(error: unknown): string {
  try {
    return errorText(error);
  } catch {
    return "an error that can't be read";
  }
}
