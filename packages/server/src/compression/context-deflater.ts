import { constants, createDeflateRaw, type DeflateRaw } from "node:zlib";
import type { WebSocketSendEvent } from "@ws/events";
import { encodeFrame } from "@ws/protocol";
import type { DeflateSettings } from "../options/deflate-options.js";
import { compressedFrame, payloadOf } from "./deflate-frame.js";
import type { Deflater } from "./deflater.js";
import type { TaskLimit } from "./task-limit.js";

/** A message that is being compressed. */
interface Running {
  readonly event: WebSocketSendEvent;
  readonly callback: (frame: Uint8Array) => void;
  /** Lets the next task of the process run. */
  readonly done: () => void;
}

/**
 * Compresses the messages of a connection with what zlib knows of those before them, which a stream of its own keeps.
 * RFC 7692 §7.1.1.1.
 */
export class ContextDeflater implements Deflater {
  readonly #settings: DeflateSettings;
  readonly #limit: TaskLimit;
  readonly #windowBits: number;
  #stream: DeflateRaw | undefined;
  #running: Running | undefined;
  #chunks: Buffer[] = [];
  #isClosed = false;

  /** `windowBits` is the window that the client can undo, as a power of two. */
  constructor(settings: DeflateSettings, limit: TaskLimit, windowBits: number) {
    this.#settings = settings;
    this.#limit = limit;
    this.#windowBits = windowBits;
  }

  /** An empty message can't be made smaller, and adds nothing to what is known. */
  isPlain({ text, bytes }: WebSocketSendEvent): boolean {
    return (text ?? bytes).length === 0;
  }

  frameNow(): undefined {
    return undefined;
  }

  frameLater(event: WebSocketSendEvent, callback: (frame: Uint8Array) => void): void {
    this.#limit.run((done) => {
      if (this.#isClosed) return done();
      this.#running = { event, callback, done };
      this.#stream ??= this.#open();
      this.#stream.write(payloadOf(event));
      this.#stream.flush(constants.Z_SYNC_FLUSH, () => this.#settle(Buffer.concat(this.#chunks)));
    });
  }

  close(): void {
    this.#isClosed = true;
    this.#running?.done();
    this.#running = undefined;
    this.#stream?.destroy();
    this.#stream = undefined;
  }

  #open(): DeflateRaw {
    const stream = createDeflateRaw({ ...this.#settings.zlibDeflateOptions, windowBits: this.#windowBits });
    stream.on("data", (chunk: Buffer) => this.#chunks.push(chunk));
    // Without memory for zlib the message goes as it is, and the next begins a context that refers to nothing.
    stream.on("error", () => {
      this.#stream = undefined;
      this.#settle(undefined);
    });
    return stream;
  }

  /** Gives the frame of the message that is being compressed, if one is; as it is where nothing came of that. */
  #settle(deflated: Buffer | undefined): void {
    const running = this.#running;
    if (running === undefined) return;
    this.#running = undefined;
    this.#chunks = [];
    running.done();
    running.callback(
      deflated === undefined ? encodeFrame(running.event) : compressedFrame(running.event, deflated),
    );
  }
}
