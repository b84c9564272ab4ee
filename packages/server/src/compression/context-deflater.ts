import { constants, createDeflateRaw, type DeflateRaw } from "node:zlib";
import type { WebSocketSendEvent } from "@ws/events";
import { encodeFrame } from "@ws/protocol";
import type { DeflateSettings } from "../options/deflate-options.js";
import { compressedFrame, payloadOf } from "./deflate-frame.js";
import type { Deflater } from "./deflater.js";
import type { TaskLimit } from "./task-limit.js";

/** The message that is being compressed. */
interface Running {
  readonly event: WebSocketSendEvent;
  readonly callback: (frame: Uint8Array) => void;
  /** Tells the limit of tasks that this one has ended. */
  readonly done: () => void;
}

/**
 * Compresses the messages of one connection with its context, which is what zlib knows of the earlier messages. The context
 * needs a zlib stream for each connection. RFC 7692 §7.1.1.1.
 */
export class ContextDeflater implements Deflater {
  readonly #settings: DeflateSettings;
  readonly #limit: TaskLimit;
  readonly #windowBits: number;
  #stream: DeflateRaw | undefined;
  #running: Running | undefined;
  #chunks: Buffer[] = [];
  #isClosed = false;

  /** `windowBits` is the window that the client can decompress, as a power of two. */
  constructor(settings: DeflateSettings, limit: TaskLimit, windowBits: number) {
    this.#settings = settings;
    this.#limit = limit;
    this.#windowBits = windowBits;
  }

  /** An empty message cannot be made smaller, and adds nothing to the context. */
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
    // Where zlib gets no memory the message is sent uncompressed, and the next message begins a new context.
    stream.on("error", () => {
      this.#stream = undefined;
      this.#settle(undefined);
    });
    return stream;
  }

  /**
   * Ends the message that is being compressed, if there is one, and gives its frame. It is sent uncompressed where
   * compression failed.
   */
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
