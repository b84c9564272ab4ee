const page = "https://git.example.org/ws/ws/blob/main/docs/reference/errors.md";

/** Where the documentation says what an error of that code means, and what mends it. */
export function errorHelp(code: string): string {
  return `${page}#${code.toLowerCase()}`;
}

/** What stands behind the stack of an error that has such a link, where it is logged; empty for another. */
export function helpLine(error: Error): string {
  return "help" in error && typeof error.help === "string" ? `\nsee ${error.help}` : "";
}
