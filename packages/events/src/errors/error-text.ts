import { helpLine } from "./error-help.js";

/** How many causes of an error are described. */
const maxCauses = 3;

function stackOf(error: unknown, show: (value: unknown) => string, left: number): string {
  if (!(error instanceof Error)) return show(error);
  const { stack, cause } = error;
  // The stack of a syntax error begins with file and line, where Node knows them.
  const text = String(stack ?? error) + helpLine(error);
  return cause === undefined || left === 0 ? text : `${text}\ncaused by: ${stackOf(cause, show, left - 1)}`;
}

/**
 * Describes an error for a log: its stack, the address of its documentation, and the same of its causes. Any other value
 * that was thrown is described by `show`. It never throws, whatever it is given.
 */
export function errorText(error: unknown, show: (value: unknown) => string): string {
  try {
    return stackOf(error, show, maxCauses);
  } catch {
    return "an error that can't be read";
  }
}
