import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { inflateRawSync } from "node:zlib";
import { measureFrame } from "../rig/frames.js";
import { messageOf } from "./message.js";

const handshake =
  "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n" +
  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n";

/** A text message's first byte: FIN and the opcode, and RSV1 where it is compressed. RFC 7692 §6. */
const text = 0x81;
const compressedText = 0xc1;

/** A raw connection that negotiates, counts frames and bytes, and undoes the first message to check it. */
export class Client {
  messages = 0;
  bytes = 0;
  isCompressed = false;
  readonly #socket: Socket;
  readonly #onMessage: () => void;
  #held: Buffer = Buffer.alloc(0);

  private constructor(socket: Socket, onMessage: () => void) {
    this.#socket = socket;
    this.#onMessage = onMessage;
  }

  /** `onMessage` is called for each whole message. */
  static async open(port: number, onMessage: () => void): Promise<Client> {
    const socket = connect({ port, host: "127.0.0.1", noDelay: true });
    socket.write(handshake);
    const [head]: Buffer[] = await once(socket, "data");
    if (!head?.toString("latin1").startsWith("HTTP/1.1 101")) throw new Error(`expected 101, got ${head}`);
    const client = new Client(socket, onMessage);
    socket.on("data", (chunk: Buffer) => client.#take(chunk));
    return client;
  }

  close(): void {
    this.#socket.destroy();
  }

  #take(chunk: Buffer): void {
    this.bytes += chunk.length;
    const buffer = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    let at = 0;
    for (;;) {
      const [header = 0, payload = 0] = measureFrame(buffer, at, buffer.length) ?? [];
      const end = at + header + payload;
      if (header === 0 || end > buffer.length) break;
      this.#message(buffer[at] ?? 0, buffer.subarray(at + header, end));
      at = end;
    }
    this.#held = buffer.subarray(at);
  }

  #message(first: number, payload: Buffer): void {
    if (first !== text && first !== compressedText) {
      throw new Error(`expected a text, got a frame that begins with 0x${first.toString(16)}`);
    }
    this.isCompressed = first === compressedText;
    if (this.messages === 0) check(this.isCompressed ? undo(payload) : payload.toString());
    this.messages += 1;
    this.#onMessage();
  }
}

/** RFC 7692 §7.2.2. */
function undo(payload: Buffer): string {
  return String(
    inflateRawSync(Buffer.concat([payload, Buffer.from([0, 0, 0xff, 0xff])]), { finishFlush: 2 }),
  );
}

function check(received: string): void {
  if (received !== messageOf(0)) throw new Error("expected the first message as it was made, got another");
}
