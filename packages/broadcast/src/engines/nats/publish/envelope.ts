import { Buffer, isUtf8 } from "node:buffer";

/** What payloads are put together with: RFC 7464's record separator, which no JSON text can hold. */
const separator = "\u001e";
const heading = /^1 ([0-9a-z]{1,32}) ([1-9]\d{0,14})$/;

/** What goes over a subject: messages of one publisher that follow one another, in one piece. */
export interface Envelope {
  readonly epoch: string;
  /** Of the first payload; the others follow. */
  readonly sequence: number;
  readonly payloads: readonly string[];
}

/** The most that stands before the payloads, in bytes, and between two of them. */
export const envelopeOverhead = 64;

/** Writes `1 <epoch> <sequence>␞<payload>␞<payload>…`, where 1 is the version of this form. */
export function formatEnvelope(epoch: string, sequence: number, payloads: readonly string[]): string {
  return `1 ${epoch} ${sequence}${separator}${payloads.join(separator)}`;
}

/** `undefined` for anything else: who may publish to the subject at all may publish rubbish. */
export function parseEnvelope(data: Uint8Array): Envelope | undefined {
  if (!isUtf8(data)) return undefined;
  const text = Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString("utf8");
  const [head, ...payloads] = text.split(separator);
  const match = heading.exec(head as string);
  if (match === null || payloads.length === 0) return undefined;
  return { epoch: match[1] as string, sequence: Number(match[2]), payloads };
}

/**
 * The payload of a message that has its number from a stream. What is no message of ours has a number all the same: it
 * is told as an empty text, which is no JSON, so that its number is used up.
 */
export function payloadOf(data: Uint8Array): string {
  const payloads = parseEnvelope(data)?.payloads ?? [];
  return payloads.length === 1 ? (payloads[0] as string) : "";
}
