import { type Breach, FrameDecoder, type FrameSink } from "@ws/protocol";
import type { Message, Verdict } from "./oracle.js";

/** Writes down what a decoder tells, in the words of the oracle. */
class Notes implements FrameSink {
  readonly messages: Message[] = [];
  readonly pings: Buffer[] = [];
  ending: Verdict["ending"] = { kind: "cut" };
  readonly #onTold: () => void;

  constructor(onTold: () => void) {
    this.#onTold = onTold;
  }

  text(text: string): void {
    this.messages.push({ isText: true, payload: Buffer.from(text) });
    this.#onTold();
  }

  binary(bytes: Uint8Array): void {
    this.messages.push({ isText: false, payload: Buffer.from(bytes) });
    this.#onTold();
  }

  compressed(): void {
    throw new Error("nothing was negotiated that is compressed");
  }

  pinged(payload: Uint8Array): void {
    this.pings.push(Buffer.from(payload));
    this.#onTold();
  }

  ponged(): void {
    this.#onTold();
  }

  peerClosed(code: number, reason: string): void {
    this.ending = { kind: "closed", code, reason };
  }

  breached({ code }: Breach): void {
    this.ending = { kind: "failed", code };
  }
}

/** How a decoder is driven: it may be held behind every frame that it tells of, and then gets the rest again. */
export interface Driving {
  readonly maxPayload: number;
  readonly maxFragments: number;
  readonly isHeld: boolean;
}

/** What a decoder makes of a client's chunks. */
export function decode(chunks: readonly Buffer[], { maxPayload, maxFragments, isHeld }: Driving): Verdict {
  const notes = new Notes(() => isHeld && decoder.hold());
  const decoder: FrameDecoder = new FrameDecoder(notes, { maxPayload, maxFragments });
  for (const chunk of chunks) {
    // The decoder changes what it is given, and the case is judged once more.
    let rest: Buffer = Buffer.from(chunk);
    while (rest.length > 0) rest = rest.subarray(decoder.push(rest));
  }
  return { messages: notes.messages, pings: notes.pings, ending: notes.ending };
}
