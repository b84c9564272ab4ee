import { connect, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { clientFrame, firstByte, measureFrame } from "../../rig/frames.js";
import type { Protocol } from "../../rig/protocol.js";

/** Who is told what happens on a link. */
export interface Listener {
  /** Messages may be sent. */
  ready(link: Link): void;
  /** So many messages came, all as they were expected. */
  received(link: Link, count: number): void;
  /** The socket is closed. */
  ended(link: Link): void;
}

/** One for all sockets: what a read brought is looked at before the next. */
const shared = Buffer.allocUnsafe(262_144);
/** That of the key `dGhlIHNhbXBsZSBub25jZQ==`. RFC 6455 §1.3. */
const accepted = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";
const closeFrame = clientFrame(firstByte.close, Buffer.from([0x03, 0xe8]));

/** One raw connection of the load. What doesn't come as expected is thrown, and ends the process. */
export class Link {
  /** Messages sent and not yet answered. */
  owed = 0;
  /** Messages received. */
  count = 0;
  readonly #socket: Socket;
  readonly #protocol: Protocol;
  readonly #listener: Listener;
  #isOpen = false;
  #isReady = false;
  #isClosing = false;
  /** The first message is compared byte by byte, all others by header and length. */
  #isVerified = false;
  /** What is too short to be judged yet. */
  #held: Buffer | undefined;
  /** Which frame of the reply comes next, and how much of the one under way is still to come. */
  #next = 0;
  #left = 0;

  constructor(port: number, tls: boolean, protocol: Protocol, listener: Listener) {
    this.#protocol = protocol;
    this.#listener = listener;
    this.#socket = tls ? this.#dialTls(port) : this.#dial(port);
    this.#socket.on("error", (error) => {
      throw error;
    });
    this.#socket.on("close", () => this.#closed());
    this.#socket.write(
      `GET ${protocol.target} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
    );
  }

  /** Sends whole frames that hold `count` messages. */
  send(frames: Buffer, count: number): void {
    this.owed += count;
    this.#socket.write(frames);
  }

  /** Begins the closing handshake; the server ends the connection. */
  close(): void {
    this.#isClosing = true;
    this.#socket.write(closeFrame);
  }

  #dial(port: number): Socket {
    const callback = (length: number, buffer: Uint8Array): boolean => {
      this.#take(buffer as Buffer, length);
      return true;
    };
    return connect({ port, host: "127.0.0.1", noDelay: true, onread: { buffer: shared, callback } });
  }

  #dialTls(port: number): Socket {
    const socket = connectTls({ port, host: "127.0.0.1", rejectUnauthorized: false });
    socket.setNoDelay(true);
    socket.on("data", (chunk: Buffer) => this.#take(chunk, chunk.length));
    return socket;
  }

  #closed(): void {
    if (!this.#isClosing) throw new Error("expected the connection to stay open, the server closed it");
    this.#listener.ended(this);
  }

  #take(chunk: Buffer, length: number): void {
    let buffer = chunk;
    let end = length;
    if (this.#held !== undefined) {
      buffer = Buffer.concat([this.#held, chunk.subarray(0, length)]);
      end = buffer.length;
      this.#held = undefined;
    }
    let at = this.#isOpen ? 0 : this.#shakeHands(buffer, end);
    let messages = 0;
    while (at < end) {
      if (this.#left === 0) {
        const step = this.#begin(buffer, at, end);
        at += step;
        if (this.#left === 0) {
          if (step > 0) continue;
          this.#held = Buffer.from(buffer.subarray(at, end));
          break;
        }
      }
      const step = Math.min(this.#left, end - at);
      at += step;
      this.#left -= step;
      if (this.#left === 0 && this.#frameEnded()) messages += 1;
    }
    if (messages > 0) this.#deliver(messages);
  }

  #deliver(messages: number): void {
    this.count += messages;
    this.#listener.received(this, messages);
  }

  /** Where the frames begin; nowhere yet where the head isn't whole. */
  #shakeHands(buffer: Buffer, end: number): number {
    const length = buffer.subarray(0, end).indexOf("\r\n\r\n");
    if (length === -1) {
      this.#held = Buffer.from(buffer.subarray(0, end));
      return end;
    }
    const head = buffer.toString("latin1", 0, length);
    if (!head.startsWith("HTTP/1.1 101") || !head.includes(accepted)) {
      throw new Error(`expected 101, got ${head.slice(0, 200)}`);
    }
    this.#isOpen = true;
    if (!this.#protocol.greets) this.#becomeReady();
    return length + 4;
  }

  #becomeReady(): void {
    this.#isReady = true;
    this.#listener.ready(this);
  }

  /** Takes a frame's beginning: sets what is left of one that is expected, or gives the length of another; or neither. */
  #begin(buffer: Buffer, at: number, end: number): number {
    const size = measureFrame(buffer, at, end);
    if (size === undefined) return 0;
    const [header, payload] = size;
    const expected = this.#isReady ? this.#protocol.reply[this.#next] : undefined;
    if (buffer[at] === expected?.[0] && expected?.length === header + payload) {
      const isWhole = end - at >= expected.length;
      if (!this.#isVerified && isWhole && expected.compare(buffer, at, at + expected.length) !== 0) {
        throw new Error("expected the message that was sent, got another of its length");
      }
      if (this.#isVerified || isWhole) this.#left = expected.length;
      return 0;
    }
    if (end - at < header + payload) return 0;
    this.#takeOther(buffer[at] ?? 0, Buffer.from(buffer.subarray(at + header, at + header + payload)));
    return header + payload;
  }

  /** Whether the frame was a message's last. */
  #frameEnded(): boolean {
    this.#next = (this.#next + 1) % this.#protocol.reply.length;
    if (this.#next === 0) this.#isVerified = true;
    return this.#next === 0;
  }

  #takeOther(first: number, payload: Buffer): void {
    if (first === firstByte.ping) {
      this.#socket.write(clientFrame(firstByte.pong, payload));
    } else if (first === firstByte.text) {
      const answer = this.#protocol.answer(String(payload));
      if (answer === "ready") this.#becomeReady();
      else this.#socket.write(answer);
    } else if (first !== firstByte.close || !this.#isClosing) {
      const code = first === firstByte.close && payload.length > 1 ? payload.readUInt16BE(0) : "";
      throw new Error(`expected a message, got a frame that begins with 0x${first.toString(16)} ${code}`);
    }
  }
}
