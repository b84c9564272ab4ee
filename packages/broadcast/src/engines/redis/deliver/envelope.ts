/** What several payloads are put together with: RFC 7464's record separator, which no JSON text can hold. */
const separator = "\u001e";

/** What goes over a channel: messages that follow one another, in one piece. */
export interface Envelope {
  readonly epoch: string;
  /** Of the first payload; the others follow. */
  readonly sequence: number;
  readonly payloads: readonly string[];
}

/**
 * Reads `1 <epoch> <sequence>␞<payload>␞<payload>…`, where 1 is the version of this form; the publishing script writes
 * it. `undefined` for anything else: who may publish to Redis at all may publish rubbish.
 */
export function parseEnvelope(text: string): Envelope | undefined {
  const payloads = text.split(separator);
  const head = /^1 ([0-9a-z-]{1,64}) ([1-9]\d{0,14})$/.exec(payloads[0] as string);
  if (head === null || payloads.length === 1) return undefined;
  payloads.shift();
  return { epoch: head[1] as string, sequence: Number(head[2]), payloads };
}
