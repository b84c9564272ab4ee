import { printable } from "@ws/events";

/** How much of a path is logged, in UTF-16 units. */
const maxLength = 1_024;

/**
 * A scope's path as a field of the log. The path was decoded, so it may contain characters that a simple logger would write
 * as a new line.
 */
export function loggedPath({ path }: { readonly path: string }): string {
  return printable(path.slice(0, maxLength));
}
