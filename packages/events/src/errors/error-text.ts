import { helpLine } from "./error-help.js";

/** How many causes of an error are told. */
const maxCauses = 3;

function stackOf(error: unknown, show: (value: unknown) => string, left: number): string {
  if (!(error instanceof Error)) return show(error);
  const { stack, cause } = error;
  // A syntax error's stack has file and line in front, where Node knows them.
  const text = String(stack ?? error) + helpLine(error);
  return cause === undefined || left === 0 ? text : `${text}\ncaused by: ${stackOf(cause, show, left - 1)}`;
}

/**
 * An error for a log: its stack, its link into the documentation, and those of its causes. Anything else that was thrown is as
 * `show` has it. Never throws, whatever it is given.
 */
export function errorText(error: unknown, show: (value: unknown) => string): string {
  try {
    return stackOf(error, show, maxCauses);
  } catch {
    return "an error that can't be read";
  }
}
