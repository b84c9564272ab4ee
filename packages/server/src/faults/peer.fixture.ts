import type { Socket } from "node:net";
import type { Application, Receive, Send, WebSocketScope } from "@ws/events";
import { expect } from "vitest";
import { dial, handshake, portOf, webSocket } from "../raw.fixture.js";
import type { Server } from "../serve.js";

/** An application that accepts first. */
export function accepting(
  handle: (receive: Receive, send: Send, scope: WebSocketScope) => Promise<void>,
): Application {
  return webSocket(async (scope, receive, send) => {
    await receive();
    await send({ type: "websocket.accept" });
    await handle(receive, send, scope);
  });
}

/** A masked frame with a zero mask. RFC 6455 §5.2. */
export function masked(first: number, payload: Uint8Array | string = ""): Buffer {
  const bytes = Buffer.from(payload as string);
  const isShort = bytes.length < 126;
  const header = Buffer.alloc(isShort ? 6 : 8);
  header[0] = first;
  header[1] = 0x80 | (isShort ? bytes.length : 126);
  if (!isShort) header.writeUInt16BE(bytes.length, 2);
  return Buffer.concat([header, bytes]);
}

/** The payload of a close frame. */
export function closing(code: number, reason = ""): Buffer {
  return Buffer.concat([Buffer.from([code >> 8, code & 255]), Buffer.from(reason)]);
}

/** Resolves when `read` gives the same for a hundred turns of the event loop. */
export async function standstill(read: () => number): Promise<void> {
  for (let last = read(), same = 0; same < 100; same = read() === last ? same + 1 : 0) {
    last = read();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

interface Frame {
  readonly opcode: number;
  readonly payload: Buffer;
}

/** The far end, byte by byte: reads what comes, answers a close frame, and keeps it all. */
export class Peer {
  readonly socket: Socket;
  /** That of the response; 0 while there is none. */
  status = 0;
  readonly frames: Frame[] = [];
  isClosed = false;
  #data: Buffer = Buffer.alloc(0);
  readonly #watchers = new Set<() => void>();

  constructor(socket: Socket) {
    this.socket = socket;
    socket.on("data", (chunk: Buffer) => this.#read(chunk));
    socket.on("close", () => {
      this.isClosed = true;
      for (const watch of this.#watchers) watch();
    });
  }

  /** Sends a handshake and what comes with it. */
  static async connect(
    server: Pick<Server, "url">,
    target = "/",
    more: Uint8Array = Buffer.alloc(0),
  ): Promise<Peer> {
    const peer = new Peer(await dial(portOf(server)));
    peer.socket.write(Buffer.concat([Buffer.from(handshake(target)), more]));
    return peer;
  }

  /** As `connect`, and the handshake was accepted. */
  static async open(server: Pick<Server, "url">, target = "/", more?: Uint8Array): Promise<Peer> {
    const peer = await Peer.connect(server, target, more);
    await peer.until(() => peer.status !== 0);
    expect(peer.status).toBe(101);
    return peer;
  }

  /** The messages that came, as text. */
  get texts(): string[] {
    return this.frames.filter(({ opcode }) => opcode < 3).map(({ payload }) => payload.toString());
  }

  /** What the close frame said; `undefined` where none came. */
  get close(): { readonly code: number; readonly reason: string } | undefined {
    const frame = this.frames.find(({ opcode }) => opcode === 8);
    if (frame === undefined) return undefined;
    const { payload } = frame;
    return { code: payload.length < 2 ? 1005 : payload.readUInt16BE(0), reason: payload.toString("utf8", 2) };
  }

  text(...texts: readonly string[]): void {
    this.socket.write(Buffer.concat(texts.map((text) => masked(0x81, text))));
  }

  /** Waits until something is so; at the end of the socket it must be. */
  async until(isSo: () => boolean): Promise<void> {
    while (!isSo()) {
      if (this.isClosed) throw new Error(`the socket ended before ${String(isSo)}`);
      await new Promise<void>((resolve) => {
        const watch = (): void => {
          this.#watchers.delete(watch);
          resolve();
        };
        this.#watchers.add(watch);
      });
    }
  }

  ended(): Promise<void> {
    return this.until(() => this.isClosed);
  }

  #read(chunk: Buffer): void {
    this.#data = Buffer.concat([this.#data, chunk]);
    if (this.status === 0) this.#readHead();
    if (this.status === 101) while (this.#readFrame());
    for (const watch of this.#watchers) watch();
  }

  #readHead(): void {
    const end = this.#data.indexOf("\r\n\r\n");
    if (end < 0) return;
    this.status = Number(this.#data.toString("latin1", 9, 12));
    this.#data = this.#data.subarray(end + 4);
  }

  /** One whole frame, if there is one. */
  #readFrame(): boolean {
    const data = this.#data;
    if (data.length < 2) return false;
    const short = data.readUInt8(1);
    const header = short < 126 ? 2 : short === 126 ? 4 : 10;
    if (data.length < header) return false;
    const length =
      short < 126 ? short : short === 126 ? data.readUInt16BE(2) : Number(data.readBigUInt64BE(2));
    if (data.length < header + length) return false;
    const frame = { opcode: data.readUInt8(0) & 15, payload: data.subarray(header, header + length) };
    this.frames.push(frame);
    this.#data = data.subarray(header + length);
    if (frame.opcode === 8) this.socket.end(masked(0x88, frame.payload));
    return true;
  }
}
