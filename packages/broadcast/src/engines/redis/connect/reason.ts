import { oneLine } from "../../../engine/one-line.js";

/** The longest reason, in UTF-16 units. It goes into logs and error texts. */
const longest = 200;

function textOf(error: unknown): string {
  // Where several addresses were tried in vain, Node makes an AggregateError without a message of its own.
  if (error instanceof AggregateError) return error.errors.map(textOf).join("; ");
  return error instanceof Error ? error.message : String(error);
}

/** Why something failed: one bounded line without any of the secrets, whatever a server has put into its answer. */
export function reasonOf(error: unknown, secrets: readonly string[]): string {
  let text = textOf(error);
  for (const secret of secrets) text = text.replaceAll(secret, "***");
  return oneLine(text, longest);
}
