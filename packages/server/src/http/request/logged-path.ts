import { printable } from "@ws/events";

/** How much of a path the log is told, in UTF-16 units. */
const maxLength = 1_024;

/** A scope's path as a field of the log: it was decoded, so it may hold what a naive logger would take for a line's end. */
export function loggedPath({ path }: { readonly path: string }): string {
  return printable(path.slice(0, maxLength));
}
