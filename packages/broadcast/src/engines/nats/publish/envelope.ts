import { Buffer, isUtf8 } from "node:buffer";

/** Separates several payloads: RFC 7464's record separator, which no JSON text can contain. */
const separator = "\u001e";
const heading = /^1 ([0-9a-z]{1,32}) ([1-9]\d{0,14})$/;

/** What is sent over a subject: messages of one publisher that follow one another, in one piece. */
export interface Envelope {
  readonly epoch: string;
  /** The sequence of the first payload. */
  readonly sequence: number;
  readonly payloads: readonly string[];
}

/** The most bytes before the payloads and between two of them. */
export const envelopeOverhead = 64;

/** Writes `1 <epoch> <sequence>␞<payload>␞<payload>…`, where 1 is the version of this format. */
export function formatEnvelope(epoch: string, sequence: number, payloads: readonly string[]): string {
  return `1 ${epoch} ${sequence}${separator}${payloads.join(separator)}`;
}

/** Reads an envelope; `undefined` for anything else, because anybody who may publish to the subject may publish rubbish. */
export function parseEnvelope(data: Uint8Array): Envelope | undefined {
  if (!isUtf8(data)) return undefined;
  const text = Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString("utf8");
  const [head, ...payloads] = text.split(separator);
  const match = heading.exec(head as string);
  if (match === null || payloads.length === 0) return undefined;
  return { epoch: match[1] as string, sequence: Number(match[2]), payloads };
}

/**
 * The payload of a message whose number comes from a stream. Something that is no message of ours has a number as well: it
 * is passed on as an empty text, which is no JSON, so that its number is used up.
 */
export function payloadOf(data: Uint8Array): string {
  const payloads = parseEnvelope(data)?.payloads ?? [];
  return payloads.length === 1 ? (payloads[0] as string) : "";
}
