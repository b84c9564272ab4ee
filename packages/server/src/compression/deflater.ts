import { isPrepared, type WebSocketSendEvent } from "@ws/events";
import type { DeflateSettings } from "../options/deflate-options.js";
import { deflatedFrame, deflateLater, deflateNow, isBelow, payloadOf } from "./deflate-frame.js";
import type { TaskLimit } from "./task-limit.js";

/** Makes the frames of a connection that negotiated permessage-deflate. */
export interface Deflater {
  /** Whether a message is sent uncompressed. */
  isPlain(event: WebSocketSendEvent): boolean;
  /** Makes the frame of a message at once; `undefined` where that would take too long. */
  frameNow(event: WebSocketSendEvent): Uint8Array | undefined;
  /**
   * Makes the frame of any other message, whose bytes must not change meanwhile. Only one call at a time may be under way.
   */
  frameLater(event: WebSocketSendEvent, callback: (frame: Uint8Array) => void): void;
  /** Frees what it holds, because the connection has ended. */
  close(): void;
}

/**
 * Payloads of up to so many bytes are compressed at once: passing them to zlib's threads and back would cost more than
 * compressing them.
 */
const maxAtOnce = 8_192;

/** Compresses each message by itself. It keeps no context, so one is shared by all connections with the same window. */
export class MessageDeflater implements Deflater {
  readonly #settings: DeflateSettings;
  readonly #limit: TaskLimit;
  readonly #windowBits: number;

  /** `windowBits` is the window that the client can decompress, as a power of two. */
  constructor(settings: DeflateSettings, limit: TaskLimit, windowBits: number) {
    this.#settings = settings;
    this.#limit = limit;
    this.#windowBits = windowBits;
  }

  isPlain(event: WebSocketSendEvent): boolean {
    return !isPrepared(event) && isBelow(this.#settings.threshold, event);
  }

  frameNow(event: WebSocketSendEvent): Uint8Array | undefined {
    if (isPrepared(event)) return deflatedFrame(event, this.#windowBits, this.#settings);
    const payload = payloadOf(event);
    if (payload.length > maxAtOnce) return undefined;
    return deflateNow(event, payload, this.#windowBits, this.#settings);
  }

  frameLater(event: WebSocketSendEvent, callback: (frame: Uint8Array) => void): void {
    this.#limit.run((done) => {
      deflateLater(event, payloadOf(event), this.#windowBits, this.#settings, (frame) => {
        done();
        callback(frame);
      });
    });
  }

  close(): void {}
}
