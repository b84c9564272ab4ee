import { firstByte, serverFrame } from "../../rig/frames.js";
import { enveloped } from "./envelope.js";
import type { LoadTask } from "./load-task.js";
import { digits, numbered } from "./message.js";

const zero = 48;

const texts: Readonly<Record<LoadTask["format"], (json: string) => string>> = {
  "socket.io": (json) => `42["m",${json}]`,
  envelope: enveloped,
  plain: (json) => json,
};

/** What a message looks like as a frame of the server, wherever its number stands in it. */
export class Template {
  /** In bytes, of every message. */
  readonly length: number;
  readonly #frame: Buffer;
  readonly #at: number;

  constructor(size: number, format: LoadTask["format"]) {
    const json = JSON.stringify(numbered(1, 0, size));
    this.#frame = serverFrame(firstByte.text, Buffer.from(texts[format](json)));
    this.length = this.#frame.length;
    this.#at = this.#frame.indexOf('"id":') + '"id":'.length;
  }

  /** Whether a frame that begins there is a message, by its two first bytes. */
  fits(buffer: Buffer, at: number): boolean {
    return buffer[at] === this.#frame[0] && buffer[at + 1] === this.#frame[1];
  }

  /** The number in the whole message that begins there. */
  read(buffer: Buffer, at: number): number {
    let value = 0;
    const from = at + this.#at;
    for (let index = from; index < from + digits; index += 1)
      value = value * 10 + (buffer[index] ?? 0) - zero;
    return value;
  }

  /** Compares all but the number. */
  check(buffer: Buffer, at: number): void {
    const after = this.#at + digits;
    const isSame =
      this.#frame.compare(buffer, at, at + this.#at, 0, this.#at) === 0 &&
      this.#frame.compare(buffer, at + after, at + this.length, after) === 0;
    if (!isSame) throw new Error("expected the message that was published, got another of its length");
  }
}
