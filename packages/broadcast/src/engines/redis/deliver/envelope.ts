/** Separates several payloads: RFC 7464's record separator, which no JSON text can contain. */
const separator = "\u001e";

/** What is sent over a channel: messages that follow one another, in one piece. */
export interface Envelope {
  readonly epoch: string;
  /** The sequence of the first payload. */
  readonly sequence: number;
  readonly payloads: readonly string[];
}

/**
 * Reads `1 <epoch> <sequence>␞<payload>␞<payload>…`, where 1 is the version of this format; the publishing script writes it.
 * It gives `undefined` for anything else, because anybody who may publish to Redis may publish rubbish.
 */
export function parseEnvelope(text: string): Envelope | undefined {
  const payloads = text.split(separator);
  const head = /^1 ([0-9a-z-]{1,64}) ([1-9]\d{0,14})$/.exec(payloads[0] as string);
  if (head === null || payloads.length === 1) return undefined;
  payloads.shift();
  return { epoch: head[1] as string, sequence: Number(head[2]), payloads };
}
