import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { isPrepared, type WebSocketSendEvent } from "@ws/events";
import { encodeFrame, frameLength, maxFrameLength, writeFrame } from "@ws/protocol";
import { systemClock } from "../platform/system-clock.js";
import { bufferPool } from "./buffer-pool.js";
import { writeBuffer, writeBufferSize } from "./write-buffer.js";

/** Up to this many bytes the frames of a tick are joined; above, they are written at once, as what the writeBuffer can't hold. */
const maxJoined = writeBufferSize;

/** Frames that may take no more than so many bytes get new memory where there is no room left. */
const maxRenewed = 8_192;

const nothing = new Uint8Array();

/** The writers that have frames to write. */
let due: FrameWriter[] = [];
/** When a writer was last flushed, in ms of the clock. */
let flushed = 0;

/** The most connections whose frames wait until the handlers of the others have run. */
const maxWaiting = 64;

/** A send this soon after a flush, in ms, means that the loop is busy: it is batched with others. */
const busy = 0.025;

/** Flushes at the end of the tick; where the loop is busy, at the end of the turn, together with other connections. */
function schedule(): void {
  if (systemClock.now() - flushed < busy) systemClock.nextTurn(flushDue);
  else process.nextTick(flushDue);
}

function flushDue(): void {
  const writers = due;
  due = [];
  for (const writer of writers) writer.flush();
  if (due.length === 0) writeBuffer.reset();
  flushed = systemClock.now();
}

/** Is told when the kernel has taken bytes. */
export interface FrameWriterOwner {
  /** The kernel has taken something, as was asked by `awaitTaken`. */
  taken(): void;
}

/**
 * What one connection sends in one tick, written in one system call: at the end of the tick, or in a busy loop at the
 * end of the turn. Everything but control frames of `ws` goes through here, so that the order is that of the calls.
 */
export class FrameWriter {
  readonly #socket: Duplex;
  readonly #owner: FrameWriterOwner;
  /** Whether a write that is complete leaves nothing behind that refers to its memory. */
  readonly #isKernel: boolean;
  /**
   * Frames, oldest first: one by itself, as it nearly always is, or a list; what was written into the writeBuffer memory
   * after the last of them stands below.
   */
  #piece: Uint8Array | undefined;
  #pieces: Uint8Array[] | undefined;
  #memory: Buffer | undefined;
  #start = 0;
  #end = 0;
  #bytes = 0;
  #isDue = false;
  /** Whether the kernel was behind at the last write. */
  #isBehind = false;
  #isDead = false;
  #isAwaited = false;
  /** Made when the kernel is first behind. */
  #onLate: ((error?: Error | null) => void) | undefined;

  constructor(socket: Duplex, owner: FrameWriterOwner) {
    this.#socket = socket;
    this.#owner = owner;
    this.#isKernel = socket instanceof Socket;
  }

  /** Bytes not yet handed to the socket. */
  get pending(): number {
    return this.#bytes;
  }

  /**
   * Bytes that the kernel has not taken. Infinite where it takes none any more and the end is about to be told: a send
   * that resolved then would keep an application that sends one after the other from ever hearing of it.
   */
  get buffered(): number {
    if (this.#isDead) return Number.POSITIVE_INFINITY;
    if (!this.#isBehind) return this.#bytes;
    return this.#socket.writable ? this.#bytes + this.#socket.writableLength : Number.POSITIVE_INFINITY;
  }

  /** Asks for one call of `taken`. */
  awaitTaken(): void {
    this.#isAwaited = true;
  }

  /** @throws {TypeError} for bytes that only look like a `Uint8Array`. */
  send(event: WebSocketSendEvent): void {
    if (isPrepared(event) || !this.#isKernel) return this.push(encodeFrame(event));
    let most = maxFrameLength(event);
    if (!writeBuffer.hasRoom(most)) {
      // How long a text is in UTF-8 is counted where it matters alone: that costs what writing it costs.
      if (most > writeBufferSize) most = frameLength(event);
      if (most > writeBufferSize) return this.#sendLarge(event, most);
      // For what is large, a system call costs less than new memory, which the system has to clear.
      if (most > maxRenewed && !writeBuffer.hasRoom(most)) flushDue();
      writeBuffer.makeRoom(most);
    }
    const at = writeBuffer.used;
    const end = writeFrame(writeBuffer.buffer, at, event);
    writeBuffer.take(end);
    if (this.#end !== at || this.#memory !== writeBuffer.buffer) {
      this.#closePiece();
      this.#memory = writeBuffer.buffer;
      this.#start = at;
    }
    this.#end = end;
    this.#grow(end - at);
  }

  /** Its memory is free when all up to it has been taken, or can't be any more. */
  #sendLarge(event: WebSocketSendEvent, length: number): void {
    const memory = bufferPool.lend(length);
    // Above what is joined, so that it is written at once.
    this.push(memory.subarray(0, writeFrame(memory, 0, event)));
    if (this.#isDead || !this.#isBehind) bufferPool.giveBack(memory);
    else this.#socket.write(nothing, () => bufferPool.giveBack(memory));
  }

  /** A frame that exists already. */
  push(frame: Uint8Array): void {
    this.#closePiece();
    this.#add(frame);
    this.#grow(frame.length);
  }

  flush(): void {
    this.#isDue = false;
    const bytes = this.#bytes;
    if (bytes === 0) return;
    this.#bytes = 0;
    this.#closePiece();
    const piece = this.#piece;
    const pieces = this.#pieces;
    this.#piece = undefined;
    this.#pieces = undefined;
    this.#isDead = !this.#socket.writable;
    if (this.#isDead) return;
    if (pieces === undefined) this.#write(piece);
    else if (bytes > maxJoined) this.#writeCorked(pieces);
    else this.#write(Buffer.concat(pieces, bytes));
    this.#account();
  }

  #closePiece(): void {
    if (this.#memory === undefined) return;
    this.#add(this.#memory.subarray(this.#start, this.#end));
    this.#memory = undefined;
  }

  #add(piece: Uint8Array): void {
    if (this.#pieces !== undefined) this.#pieces.push(piece);
    else if (this.#piece === undefined) this.#piece = piece;
    else this.#pieces = [this.#piece, piece];
  }

  #grow(bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes > maxJoined) {
      this.flush();
    } else if (!this.#isDue) {
      this.#isDue = true;
      if (due.length === 0) schedule();
      // Not at once: whoever sends to many in one tick sends to each of them again in it.
      else if (due.length === maxWaiting) process.nextTick(flushDue);
      due.push(this);
    }
  }

  /** Large pieces are not copied; the socket hands them to the kernel together. */
  #writeCorked(frames: readonly Uint8Array[]): void {
    this.#socket.cork();
    for (const frame of frames) this.#write(frame);
    this.#socket.uncork();
  }

  /** A callback costs a turn of the tick queue, and the kernel mostly takes a write at once. */
  #write(data: Uint8Array | undefined): void {
    if (this.#isBehind) this.#socket.write(data, this.#listen());
    else this.#socket.write(data);
  }

  /** What the kernel did not take at once, it tells later. */
  #account(): void {
    const isBehind = this.#socket.writableLength > 0;
    if (!isBehind) this.#tell();
    else {
      writeBuffer.hold();
      // Sends nothing, and tells when all before it has been taken.
      if (!this.#isBehind) this.#socket.write(nothing, this.#listen());
    }
    this.#isBehind = isBehind;
  }

  /** A write that failed was not taken: the socket's end, which follows, settles what waits for it. */
  #listen(): (error?: Error | null) => void {
    this.#onLate ??= (error) => {
      if (!error) this.#tell();
    };
    return this.#onLate;
  }

  #tell(): void {
    if (!this.#isAwaited) return;
    this.#isAwaited = false;
    this.#owner.taken();
  }
}
