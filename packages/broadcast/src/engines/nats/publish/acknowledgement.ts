import type { Msg } from "@nats-io/transport-node";

/** The status of an answer that comes from the server itself, because nobody listens to the subject. */
const nobody = 503;

/**
 * Reads JetStream's answer to a message: its number in the stream, or why it was refused. It gives `undefined` for anything
 * else, because anybody who may listen to the subject may send an answer, which means nothing.
 */
export function parseAcknowledgement(message: Msg): number | string | undefined {
  if (message.headers?.code === nobody) return "the stream is gone";
  let answer: { readonly seq?: unknown; readonly error?: { readonly description?: string } } | null;
  try {
    answer = message.json();
  } catch {
    return undefined;
  }
  if (answer?.error !== undefined) return String(answer.error.description);
  return Number.isSafeInteger(answer?.seq) ? Number(answer?.seq) : undefined;
}
