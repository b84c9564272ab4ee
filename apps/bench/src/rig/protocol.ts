import { clientFrame, firstByte, serverFrame } from "./frames.js";
import { bytesOf, jsonOf, type Payload, textOf, wideOf } from "./payload.js";

/** What the load speaks above the frames. */
export interface Protocol {
  /** Where the handshake goes. */
  readonly target: string;
  /** Whether the server speaks before messages may be sent. */
  readonly greets: boolean;
  /** One message as the client sends it: whole frames. */
  readonly request: Buffer;
  /** The same message as the server sends it: frame by frame. */
  readonly reply: readonly Buffer[];
  /** What is answered to a text that is no message; "ready" where the greeting is over. Throws for what is unknown. */
  answer(text: string): Buffer | "ready";
}

const texts = { text: textOf, wide: wideOf, json: jsonOf } as const;

/** The first byte of a payload's frame, and the payload. */
export function payloadOf(kind: Payload, size: number): [number, Buffer] {
  if (kind === "binary") return [firstByte.binary, bytesOf(size)];
  return [firstByte.text, Buffer.from(texts[kind](size))];
}

/** Messages as they are: a frame each. */
export class PlainProtocol implements Protocol {
  readonly target = "/echo/";
  readonly greets = false;
  readonly request: Buffer;
  readonly reply: readonly Buffer[];

  constructor(kind: Payload, size: number) {
    const [first, payload] = payloadOf(kind, size);
    this.request = clientFrame(first, payload);
    this.reply = [serverFrame(first, payload)];
  }

  answer(text: string): never {
    throw new Error(`expected the message that was sent, got a text of ${text.length} characters`);
  }
}
