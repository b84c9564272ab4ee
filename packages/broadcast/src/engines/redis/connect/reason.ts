import { oneLine } from "../../../engine/one-line.js";

/** The longest reason, in UTF-16 units: it goes into logs and error texts. */
const longest = 200;

function textOf(error: unknown): string {
  // Of several addresses that were all tried in vain, Node makes an AggregateError that says nothing itself.
  if (error instanceof AggregateError) return error.errors.map(textOf).join("; ");
  return error instanceof Error ? error.message : String(error);
}

/** Why something failed: one line, bounded, without any of the secrets, whatever a server put into its answer. */
export function reasonOf(error: unknown, secrets: readonly string[]): string {
  let text = textOf(error);
  for (const secret of secrets) text = text.replaceAll(secret, "***");
  return oneLine(text, longest);
}
