import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { isPrepared, type WebSocketSendEvent } from "@ws/events";
import { encodeFrame, frameLength, maxFrameLength, writeFrame } from "@ws/protocol";
import { systemClock } from "../platform/system-clock.js";
import { bufferPool } from "./buffer-pool.js";
import { writeBuffer, writeBufferSize } from "./write-buffer.js";

/**
 * Frames of up to so many bytes are joined with others of the same tick. Larger ones are written at once, as they do not fit
 * into the write buffer.
 */
const maxJoined = writeBufferSize;

/**
 * Where the write buffer is full, a frame of up to so many bytes gets a new buffer; for a larger one, what is pending is
 * written first.
 */
const maxRenewed = 8_192;

const nothing = new Uint8Array();

/** The writers that have frames to write. */
let due: FrameWriter[] = [];
/** When a writer was last flushed, in ms of the clock. */
let flushed = 0;

/** How many connections may have frames that wait for the end of the turn. */
const maxWaiting = 64;

/**
 * A send this soon after a flush, in ms, shows that the loop is busy; then it is batched with those of other connections.
 */
const busy = 0.025;

/** Flushes at the end of the tick; in a busy loop at the end of the turn, together with other connections. */
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
  /** The kernel has taken something. It is called once for each call of `awaitTaken`. */
  taken(): void;
}

/**
 * Writes everything that one connection sends in one tick with one system call: at the end of the tick, or in a busy loop at
 * the end of the turn. All frames go through here, so they are sent in the order of the calls.
 */
export class FrameWriter {
  readonly #socket: Duplex;
  readonly #owner: FrameWriterOwner;
  /** Whether a completed write leaves no reference to its memory, which is so where the kernel has copied it. */
  readonly #isKernel: boolean;
  /**
   * The pending frames, oldest first: a single one, as is nearly always the case, or a list. Frames that lie in the write
   * buffer behind them are described by the fields below.
   */
  #piece: Uint8Array | undefined;
  #pieces: Uint8Array[] | undefined;
  #memory: Buffer | undefined;
  #start = 0;
  #end = 0;
  #bytes = 0;
  #isDue = false;
  /** Whether the kernel did not take all of the last write. */
  #isBehind = false;
  #isDead = false;
  #isAwaited = false;
  /** The callback of a delayed write, made when it is first needed. */
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
   * Bytes that the kernel has not taken. It is infinite where the kernel will take no more and the end is about to be
   * reported: a send that resolved then would let an application that sends in a loop run on without ever noticing the end.
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

  /** @throws {TypeError} for an object that only looks like a `Uint8Array`. */
  send(event: WebSocketSendEvent): void {
    if (isPrepared(event) || !this.#isKernel) return this.push(encodeFrame(event));
    let most = maxFrameLength(event);
    if (!writeBuffer.hasRoom(most)) {
      // The exact length in UTF-8 is computed only where the upper bound is too large, because computing it costs as much as
      // writing the text.
      if (most > writeBufferSize) most = frameLength(event);
      if (most > writeBufferSize) return this.#sendLarge(event, most);
      // For a large frame, a system call costs less than new memory, which the system has to clear.
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

  /**
   * Writes a large frame into memory of the pool. The memory is free again when everything up to it has been taken, or can
   * no longer be taken.
   */
  #sendLarge(event: WebSocketSendEvent, length: number): void {
    const memory = bufferPool.lend(length);
    // The piece is larger than what is joined, so it is written at once.
    this.push(memory.subarray(0, writeFrame(memory, 0, event)));
    if (this.#isDead || !this.#isBehind) bufferPool.giveBack(memory);
    else this.#socket.write(nothing, () => bufferPool.giveBack(memory));
  }

  /** Adds a frame that has been encoded already. */
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
      // Not immediately: code that sends to many connections in one tick often sends several messages to each of them.
      else if (due.length === maxWaiting) process.nextTick(flushDue);
      due.push(this);
    }
  }

  /** Large pieces are not copied; the socket hands all of them to the kernel in one call. */
  #writeCorked(frames: readonly Uint8Array[]): void {
    this.#socket.cork();
    for (const frame of frames) this.#write(frame);
    this.#socket.uncork();
  }

  /**
   * Writes without a callback, because a callback costs a turn of the tick queue, and the kernel usually takes a write at
   * once.
   */
  #write(data: Uint8Array | undefined): void {
    if (this.#isBehind) this.#socket.write(data, this.#listen());
    else this.#socket.write(data);
  }

  /** Asks the socket to report what the kernel did not take at once. */
  #account(): void {
    const isBehind = this.#socket.writableLength > 0;
    if (!isBehind) this.#tell();
    else {
      writeBuffer.hold();
      // An empty write sends nothing, and its callback runs when everything before it has been taken.
      if (!this.#isBehind) this.#socket.write(nothing, this.#listen());
    }
    this.#isBehind = isBehind;
  }

  /**
   * The callback of a delayed write. A failed write is not counted as taken: the end of the socket follows, and ends all
   * waiting.
   */
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
