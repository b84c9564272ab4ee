import type { Socket } from "node:net";
import type { Application, ConnectionClosed, ReceiveEvent } from "@ws/events";
import { dial, handshake, portOf, readUntil, untilClosed, webSocket } from "../raw.fixture.js";
import { type Server, serve } from "../serve.js";

export const opcode = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

/** What a frame says beside its payload; by default FIN is set, RSV are clear and the mask is four arbitrary bytes. */
export interface FrameOptions {
  readonly fin?: boolean;
  readonly rsv?: number;
  readonly mask?: readonly number[] | null;
  /** How many bytes the length takes: as few as can hold it by default. */
  readonly lengthBytes?: 1 | 2 | 8;
}

function lengthField(length: number, size: 1 | 2 | 8): Buffer {
  if (size === 1) return Buffer.from([length]);
  const field = Buffer.alloc(1 + size);
  field[0] = size === 2 ? 126 : 127;
  if (size === 2) field.writeUInt16BE(length, 1);
  else field.writeBigUInt64BE(BigInt(length), 1);
  return field;
}

/** The bytes of a client's frame. RFC 6455 §5.2. */
export function frame(code: number, payload: Uint8Array | string = "", options: FrameOptions = {}): Buffer {
  const { fin = true, rsv = 0, mask = [0x37, 0xfa, 0x21, 0x3d] } = options;
  const bytes = Buffer.from(payload as string);
  const least = bytes.length < 126 ? 1 : bytes.length < 65_536 ? 2 : 8;
  const length = lengthField(bytes.length, options.lengthBytes ?? least);
  if (mask !== null) length.writeUInt8(length.readUInt8(0) | 0x80, 0);
  const masked = bytes.map((byte, index) => byte ^ (mask?.[index % 4] ?? 0));
  return Buffer.concat([
    Buffer.from([(fin ? 0x80 : 0) | (rsv << 4) | code]),
    length,
    Buffer.from(mask ?? []),
    masked,
  ]);
}

/** The payload of a close frame. */
export function closing(code: number, reason: Uint8Array | string = ""): Buffer {
  return Buffer.concat([Buffer.from([code >> 8, code & 0xff]), Buffer.from(reason as string)]);
}

export const goodbye: Buffer = frame(opcode.close, closing(1000));

/** One frame that the server sent. */
export interface Sent {
  readonly opcode: number;
  readonly payload: Buffer;
}

/** The server's frames; each is whole, unmasked and shorter than 64 KiB. */
export function framesOf(wire: Buffer): Sent[] {
  const frames: Sent[] = [];
  for (let at = 0; at < wire.length; ) {
    const isLong = wire.readUInt8(at + 1) === 126;
    const start = at + (isLong ? 4 : 2);
    const end = start + (isLong ? wire.readUInt16BE(at + 2) : wire.readUInt8(at + 1));
    frames.push({ opcode: wire.readUInt8(at) & 0x0f, payload: wire.subarray(start, end) });
    at = end;
  }
  return frames;
}

/** The code of the server's close frame; 1005 where it has none, `undefined` where it sent no close frame. */
function closeCodeOf(frames: readonly Sent[]): number | undefined {
  const close = frames.find((sent) => sent.opcode === opcode.close);
  if (close === undefined) return undefined;
  return close.payload.length === 0 ? 1005 : close.payload.readUInt16BE(0);
}

/** An application that accepts, echoes, and notes what it received and how it ended. */
export class Witness {
  readonly events: ReceiveEvent[] = [];
  readonly end: Promise<ConnectionClosed>;
  readonly application: Application;

  constructor() {
    let tell!: (error: ConnectionClosed) => void;
    this.end = new Promise((resolve) => {
      tell = resolve;
    });
    this.application = webSocket(async (scope, receive, send) => {
      await receive();
      await send({ type: "websocket.accept" });
      for (;;) {
        const event = await receive();
        this.events.push(event);
        if (event.type !== "websocket.receive") break;
        await send({ ...event, type: "websocket.send" }).catch(() => {});
      }
      tell(scope.extensions["websocket.disconnect"]?.signal.reason);
    });
  }

  /** What the messages held: a string, or bytes. */
  get messages(): (string | Uint8Array)[] {
    return this.events.flatMap((event) =>
      event.type === "websocket.receive" ? [event.text ?? event.bytes] : [],
    );
  }
}

/** A socket whose handshake was accepted. */
export async function opened(server: Server, lines: readonly string[] = []): Promise<Socket> {
  const socket = await dial(portOf(server));
  socket.write(handshake("/", lines));
  const head = await readUntil(socket, "\r\n\r\n");
  if (!head.startsWith("HTTP/1.1 101 ")) throw new Error(`expected a 101, got ${head.slice(0, 200)}`);
  return socket;
}

/** All that comes until the server has closed. */
export async function rest(socket: Socket): Promise<Buffer> {
  const chunks: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => chunks.push(chunk));
  await untilClosed(socket);
  return Buffer.concat(chunks);
}

/** What became of one connection. */
export interface Played {
  readonly messages: readonly (string | Uint8Array)[];
  readonly end: ConnectionClosed;
  readonly sent: readonly Sent[];
  readonly code: number | undefined;
}

/** Writes `chunks` one after the other to a connection, and waits for its end, which they bring about. */
export async function play(
  chunks: Uint8Array | readonly Uint8Array[],
  options: Parameters<typeof serve>[1] = {},
  lines: readonly string[] = [],
): Promise<Played> {
  const witness = new Witness();
  await using server = await serve(witness.application, { port: 0, closeTimeout: 50, ...options });
  const socket = await opened(server, lines);
  socket.setNoDelay(true);
  const wire = rest(socket);
  for (const chunk of chunks instanceof Uint8Array ? [chunks] : chunks) {
    await new Promise((resolve) => socket.write(chunk, resolve));
    // The event loop's next turn reads it, by itself, and the one after it is past that.
    for (let turn = 0; turn < 2; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  }
  const sent = framesOf(await wire);
  return { messages: witness.messages, end: await witness.end, sent, code: closeCodeOf(sent) };
}
