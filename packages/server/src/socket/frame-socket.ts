import type { Duplex } from "node:stream";
import { lostConnection, type WebSocketSendEvent } from "@ws/events";
import {
  type Breach,
  breaches,
  decodeText,
  encodeClose,
  encodePing,
  FrameDecoder,
  type FrameSink,
} from "@ws/protocol";
import type { DeflateSender } from "../compression/deflate-sender.js";
import type { Inflated, Inflater } from "../compression/inflater.js";
import { systemClock } from "../platform/system-clock.js";
import { endings } from "../session/endings.js";
import type { OpenSocket, TransportListener } from "../session/transport.js";
import { ControlFrames, type ControlOwner } from "../writing/control-frames.js";
import { FrameWriter, type FrameWriterOwner } from "../writing/frame-writer.js";
import type { FrameSocketParts } from "./frame-socket-parts.js";
import { listenTo, type SocketOwner } from "./socket-listeners.js";
import { TcpKeepAlive } from "./tcp-keep-alive.js";

const ping = encodePing(new Uint8Array());

/**
 * A connection on a Node socket, which belongs to it alone. It decodes what comes, and frames and writes what is sent. Its
 * states are open, closing (our close frame was sent) and closed (our side of the stream has ended).
 */
export class FrameSocket implements OpenSocket, FrameSink, SocketOwner, FrameWriterOwner, ControlOwner {
  readonly #socket: Duplex;
  readonly #listener: TransportListener;
  readonly #decoder: FrameDecoder;
  readonly #writer: FrameWriter;
  readonly #sendTimeout: number;
  readonly #inflater: Inflater | undefined;
  readonly #sender: DeflateSender | undefined;
  // Both are made when they are first needed: most connections never need the first one, and many never the second.
  #controls: ControlFrames | undefined;
  #watch: TcpKeepAlive | undefined;
  #state: "open" | "closing" | "closed" = "open";
  #received = 0;
  #isPaused = false;
  /** Whether a message is being decompressed. What comes behind it waits. */
  #isInflating = false;
  /** Whether the stream has ended while a message was still being decompressed. */
  #hasEnded = false;

  constructor({ socket, early, listener, settings, agreement }: FrameSocketParts) {
    const { maxPayload, maxFragments, sendTimeout, deflate } = settings;
    this.#socket = socket;
    this.#listener = listener;
    this.#sendTimeout = sendTimeout;
    this.#writer = new FrameWriter(socket, this);
    const isDeflate = deflate !== undefined && agreement !== undefined;
    this.#decoder = new FrameDecoder(this, { maxPayload, maxFragments, isDeflate });
    if (isDeflate) {
      this.#inflater = deflate.inflater(agreement);
      this.#sender = deflate.sender(agreement, { writer: this.#writer, owner: this });
    }
    socket.setTimeout?.(0);
    socket.setNoDelay?.(true);
    if (early.length > 0) socket.unshift(early);
    listenTo(socket, this);
    socket.resume();
  }

  /** Whether something may still be sent. */
  get isOpen(): boolean {
    return this.#state === "open";
  }

  get received(): number {
    return this.#received;
  }

  get unfinished(): number {
    return this.#decoder.unfinished;
  }

  get buffered(): number {
    if (this.#sender === undefined) return this.#writer.buffered;
    return this.#socket.writable ? this.#sender.buffered : Number.POSITIVE_INFINITY;
  }

  awaitDrain(): void {
    this.#writer.awaitTaken();
  }

  send(event: WebSocketSendEvent): void {
    if (this.#sender === undefined) this.#writer.send(event);
    else this.#sender.send(event);
  }

  ping(): void {
    this.#writer.push(ping);
  }

  probe(): void {
    this.#watch?.look();
  }

  close(code: number, reason: string): void {
    if (this.#sender === undefined) this.#close(code, reason);
    else this.#sender.whenIdle(() => this.#close(code, reason));
  }

  pause(): void {
    // While we don't read, only the kernel can tell that the peer is lost.
    this.#watch ??= new TcpKeepAlive(this.#socket);
    this.#watch.start();
    this.#isPaused = true;
    this.#hold();
  }

  resume(): void {
    this.#watch?.stop();
    this.#isPaused = false;
    this.#readOn();
  }

  terminate(): void {
    this.#socket.destroy();
  }

  // Calls of the socket.

  data(chunk: Buffer): void {
    const taken = this.#decoder.push(chunk);
    this.#received += taken;
    // The decoder was paused. The rest of the chunk is put back, and is read first when reading resumes.
    if (taken < chunk.length && !this.#socket.destroyed) this.#socket.unshift(chunk.subarray(taken));
  }

  ended(): void {
    if (this.#isInflating) this.#hasEnded = true;
    else this.#finish();
  }

  closed(): void {
    this.#readRest();
    this.#state = "closed";
    this.#inflater?.close();
    this.#sender?.close();
    this.#listener.ended(lostConnection);
    this.#listener.released();
  }

  // Calls of the decoder.

  text(text: string, bytes: number): void {
    this.#listener.text(text, bytes);
  }

  binary(bytes: Uint8Array): void {
    // A plain view, because `slice()` and equality of a Buffer differ from those of a Uint8Array.
    this.#listener.binary(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length));
  }

  compressed(bytes: Uint8Array, isText: boolean): void {
    this.#isInflating = true;
    this.#inflater?.inflate(bytes, (result) => this.#inflated(result, isText));
    if (this.#isInflating) this.#hold();
  }

  pinged(payload: Uint8Array): void {
    this.#controls ??= new ControlFrames(this.#writer, this, systemClock, this.#sendTimeout);
    this.#controls.pinged(payload);
  }

  /** Nothing to do: any byte is a sign of life, and a pong has no other meaning. */
  ponged(): void {}

  peerClosed(code: number, reason: string): void {
    // What was sent in this tick is written before the answer, and nothing after it.
    this.#writer.flush();
    this.#listener.ended({ code, reason, wasClean: true, initiator: "client" });
    this.#close(code, reason);
  }

  breached({ code, reason }: Breach): void {
    this.#listener.breached(code, reason);
  }

  // Calls of the frame writer and of the control frames.

  /** The kernel has taken something. */
  taken(): void {
    this.#controls?.taken();
    this.#listener.drained();
  }

  /** The peer sends pings and reads none of the answers. */
  flooded(): void {
    const { reason, initiator } = endings.pingFlood;
    this.#listener.ended({ ...lostConnection, reason, initiator });
    this.terminate();
  }

  /** Sends a close frame unless one was sent, and ends our side where nothing more is expected from the peer. */
  #close(code: number, reason: string): void {
    if (this.#state === "open") {
      this.#writer.push(encodeClose(code, reason));
      this.#writer.flush();
      this.#state = "closing";
    }
    if (this.#decoder.isStopped) this.#end();
  }

  /** The peer has ended its side of the stream. */
  #finish(): void {
    // A breach of the protocol that came before this end is answered now.
    this.#listener.ended(lostConnection);
    this.#writer.flush();
    this.#end();
  }

  /** Ends our side of the stream, and only once, because Node makes an error for each further call. */
  #end(): void {
    if (this.#state === "closed") return;
    this.#state = "closed";
    this.#socket.end();
  }

  #hold(): void {
    this.#decoder.hold();
    this.#socket.pause();
  }

  #readOn(): void {
    if (!this.#isPaused && !this.#isInflating) this.#socket.resume();
  }

  #inflated(result: Inflated, isText: boolean): void {
    this.#isInflating = false;
    if (this.#decoder.isStopped || this.#socket.destroyed) return;
    if (!(result instanceof Uint8Array)) this.#fail(result);
    else if (isText) this.#inflatedText(result);
    else this.binary(result);
    if (this.#hasEnded) this.#finish();
    else this.#readOn();
  }

  #inflatedText({ buffer, byteOffset, length }: Uint8Array): void {
    const text = decodeText(Buffer.from(buffer, byteOffset, length));
    if (text === undefined) this.#fail(breaches.notUtf8);
    else this.text(text, length);
  }

  #fail(breach: Breach): void {
    this.#decoder.stop();
    this.breached(breach);
  }

  /** Reads what came before a reset and was not read yet, because we had paused. */
  #readRest(): void {
    const socket = this.#socket;
    let rest: Buffer | null = socket.read();
    while (rest !== null && !this.#isInflating) {
      rest = rest.subarray(this.#decoder.push(rest));
      if (rest.length === 0) rest = socket.read();
    }
  }
}
