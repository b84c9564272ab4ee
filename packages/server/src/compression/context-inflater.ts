import { createInflateRaw, type InflateRaw } from "node:zlib";
import { breaches } from "@ws/protocol";
import { compact, type Inflated, type Inflater, tail } from "./inflater.js";
import { breachOf, type InflateSettings } from "./message-inflater.js";

/** The message that is being decompressed. */
interface Running {
  readonly callback: (result: Inflated) => void;
  /** Tells the limit of tasks that this one has ended. */
  readonly done: () => void;
}

/**
 * Decompresses the messages of a connection whose client refers to earlier messages. What zlib knows of those is kept in a
 * stream for this connection. RFC 7692 §7.1.1.2.
 */
export class ContextInflater implements Inflater {
  readonly #settings: InflateSettings;
  readonly #windowBits: number;
  #stream: InflateRaw | undefined;
  #running: Running | undefined;
  #chunks: Buffer[] = [];
  #length = 0;
  #isClosed = false;

  /** `windowBits` is the client's largest window, as a power of two. */
  constructor(settings: InflateSettings, windowBits: number) {
    this.#settings = settings;
    this.#windowBits = windowBits;
  }

  inflate(payload: Uint8Array, callback: (result: Inflated) => void): void {
    this.#settings.limit.run((done) => {
      if (this.#isClosed) return done();
      this.#running = { callback, done };
      this.#stream ??= this.#open();
      this.#stream.write(payload);
      this.#stream.write(tail);
      this.#stream.flush(() => this.#settle(compact(Buffer.concat(this.#chunks))));
    });
  }

  close(): void {
    this.#isClosed = true;
    this.#settle(undefined);
    this.#stream?.destroy();
    this.#stream = undefined;
  }

  #open(): InflateRaw {
    const { zlibInflateOptions, maxPayload } = this.#settings;
    const stream = createInflateRaw({ ...zlibInflateOptions, windowBits: this.#windowBits });
    stream.on("data", (chunk: Buffer) => {
      this.#chunks.push(chunk);
      this.#length += chunk.length;
      if (this.#length <= maxPayload) return;
      this.#settle(breaches.tooBig);
      stream.destroy();
    });
    stream.on("error", (error) => this.#settle(breachOf(error)));
    // A client may end its deflate stream with a message, and then begins a new one with the next. RFC 7692 §7.2.3.4.
    stream.on("end", () => {
      this.#stream = undefined;
    });
    return stream;
  }

  /** Ends the message that is being decompressed, if there is one. Only the first result counts. */
  #settle(result: Inflated | undefined): void {
    const running = this.#running;
    if (running === undefined) return;
    this.#running = undefined;
    this.#chunks = [];
    this.#length = 0;
    running.done();
    if (result !== undefined) running.callback(result);
  }
}
