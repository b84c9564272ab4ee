import { connect, type Socket } from "node:net";
import { clientFrame, firstByte, measureFrame } from "../../rig/frames.js";
import type { Protocol } from "../../rig/protocol.js";
import { perPublisher } from "./message.js";
import { Sequence } from "./sequence.js";
import type { Template } from "./template.js";

/** What all members of a process have in common. */
export interface Audience {
  readonly protocol: Protocol;
  readonly template: Template;
  ready(): void;
  received(count: number): void;
}

/** One for all sockets: what a read brought is looked at before the next. */
const shared = Buffer.allocUnsafe(262_144);

/** A raw connection that reads the number of every message. What is no message is thrown, and ends the process. */
export class Member {
  /** By publisher. */
  readonly sequences: Map<number, Sequence> = new Map();
  readonly #socket: Socket;
  readonly #audience: Audience;
  #isOpen = false;
  #isVerified = false;
  /** The beginning of a frame that is not whole yet. */
  #held: Buffer | undefined;

  constructor(port: number, audience: Audience) {
    this.#audience = audience;
    const callback = (length: number, buffer: Uint8Array): boolean => {
      this.#take(buffer as Buffer, length);
      return true;
    };
    this.#socket = connect({ port, host: "127.0.0.1", noDelay: true, onread: { buffer: shared, callback } });
    this.#socket.on("error", (error) => {
      throw error;
    });
    this.#socket.on("close", () => {
      throw new Error("expected the connection to stay open, the server closed it");
    });
    this.#socket.write(
      `GET ${audience.protocol.target} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
    );
  }

  #take(chunk: Buffer, length: number): void {
    const held = this.#held;
    this.#held = undefined;
    const buffer = held === undefined ? chunk : Buffer.concat([held, chunk.subarray(0, length)]);
    const end = held === undefined ? length : buffer.length;
    const from = this.#isOpen ? 0 : this.#shakeHands(buffer, end);
    const at = this.#takeFrames(buffer, from, end);
    if (at < end) this.#held = Buffer.from(buffer.subarray(at, end));
  }

  /** Where the frames begin; at the beginning still where the head isn't whole. */
  #shakeHands(buffer: Buffer, end: number): number {
    const length = buffer.subarray(0, end).indexOf("\r\n\r\n");
    if (length === -1) return 0;
    const head = buffer.toString("latin1", 0, length);
    if (!head.startsWith("HTTP/1.1 101")) throw new Error(`expected 101, got ${head.slice(0, 200)}`);
    this.#isOpen = true;
    if (!this.#audience.protocol.greets) this.#audience.ready();
    return length + 4;
  }

  /** Takes all frames that are whole; gives where the next begins. */
  #takeFrames(buffer: Buffer, from: number, end: number): number {
    const { template } = this.#audience;
    let at = from;
    let count = 0;
    while (this.#isOpen && end - at >= 2) {
      const isMessage = template.fits(buffer, at);
      const length = isMessage ? template.length : frameLength(buffer, at, end);
      if (end - at < length) break;
      if (isMessage) count += this.#takeMessage(buffer, at);
      else this.#takeOther(buffer[at] ?? 0, buffer.subarray(at + (length < 128 ? 2 : 4), at + length));
      at += length;
    }
    if (count > 0) this.#audience.received(count);
    return at;
  }

  #takeMessage(buffer: Buffer, at: number): 1 {
    const { template } = this.#audience;
    if (!this.#isVerified) template.check(buffer, at);
    this.#isVerified = true;
    const id = template.read(buffer, at);
    const publisher = Math.trunc(id / perPublisher);
    let sequence = this.sequences.get(publisher);
    if (sequence === undefined) {
      sequence = new Sequence();
      this.sequences.set(publisher, sequence);
    }
    sequence.take(id % perPublisher);
    return 1;
  }

  #takeOther(first: number, payload: Buffer): void {
    if (first === firstByte.ping) {
      this.#socket.write(clientFrame(firstByte.pong, payload));
    } else if (first === firstByte.text) {
      const answer = this.#audience.protocol.answer(String(payload));
      if (answer === "ready") this.#audience.ready();
      else this.#socket.write(answer);
    } else {
      const code = first === firstByte.close && payload.length > 1 ? payload.readUInt16BE(0) : "";
      throw new Error(`expected a message, got a frame that begins with 0x${first.toString(16)} ${code}`);
    }
  }
}

/** Of header and payload; infinite where that can't be told yet. */
function frameLength(buffer: Buffer, at: number, end: number): number {
  const [header, payload] = measureFrame(buffer, at, end) ?? [0, Number.POSITIVE_INFINITY];
  return header + payload;
}
