const page = "https://git.example.org/ws/ws/blob/main/docs/reference/errors.md";

/** The address of the documentation of an error code, which says what the error means and how to mend it. */
export function errorHelp(code: string): string {
  return `${page}#${code.toLowerCase()}`;
}

/** The line with that address, to log below the stack of an error; empty for an error without one. */
export function helpLine(error: Error): string {
  return "help" in error && typeof error.help === "string" ? `\nsee ${error.help}` : "";
}
