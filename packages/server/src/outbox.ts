import type { Duplex } from "node:stream";

/** Up to this many bytes the frames of a tick are joined into one write; above, they are written at once. */
const maxJoined = 65_536;

/** Those that have frames to write at the end of this tick. */
let due: Outbox[] = [];

function flushDue(): void {
  const outboxes = due;
  due = [];
  for (const outbox of outboxes) outbox.flush();
}

/**
 * What one connection sends in one tick, written in one system call before control returns to the event loop.
 * Everything but control frames goes through here, so that the order is that of the calls.
 */
export class Outbox {
  readonly #socket: Duplex;
  readonly #onWritten: (error?: Error | null) => void;
  #frames: Uint8Array[] = [];
  #bytes = 0;
  #isDue = false;

  /** `onWritten` is called whenever the kernel has taken a write. */
  constructor(socket: Duplex, onWritten: () => void) {
    this.#socket = socket;
    // A write that failed was not taken: the socket's end, which follows, settles what waits for it.
    this.#onWritten = (error) => {
      if (!error) onWritten();
    };
  }

  /** Bytes not yet handed to the socket. */
  get pending(): number {
    return this.#bytes;
  }

  push(pieces: readonly Uint8Array[]): void {
    for (const piece of pieces) {
      this.#frames.push(piece);
      this.#bytes += piece.length;
    }
    if (this.#bytes > maxJoined) {
      this.flush();
    } else if (!this.#isDue) {
      this.#isDue = true;
      if (due.length === 0) process.nextTick(flushDue);
      due.push(this);
    }
  }

  flush(): void {
    this.#isDue = false;
    const frames = this.#frames;
    const bytes = this.#bytes;
    if (bytes === 0) return;
    this.#frames = [];
    this.#bytes = 0;
    if (!this.#socket.writable) return;
    if (bytes <= maxJoined) this.#write(frames.length === 1 ? frames[0] : Buffer.concat(frames, bytes));
    else this.#writeCorked(frames);
  }

  /** Large pieces are not copied; the socket hands them to the kernel together. */
  #writeCorked(frames: readonly Uint8Array[]): void {
    this.#socket.cork();
    for (const frame of frames) this.#write(frame);
    this.#socket.uncork();
  }

  #write(data: Uint8Array | undefined): void {
    this.#socket.write(data, this.#onWritten);
  }
}
