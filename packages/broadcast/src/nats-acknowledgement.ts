import type { Msg } from "@nats-io/transport-node";

/** JetStream's answer to a message: its number in the stream, or why it was not taken. */
export function parseAcknowledgement(message: Msg): number | string {
  // The server says so where nobody at all listens to the subject.
  if (message.data.length === 0) return "the stream is gone";
  const { seq, error } = message.json<{ seq?: number; error?: { description?: string } }>();
  return error === undefined ? Number(seq) : String(error.description);
}
