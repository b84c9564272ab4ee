import { isPrepared, type WebSocketSendEvent } from "@ws/events";
import type { DeflateSettings } from "../options/deflate-options.js";
import { deflatedFrame, deflateLater, deflateNow, isBelow, payloadOf } from "./deflate-frame.js";
import type { TaskLimit } from "./task-limit.js";

/** Makes the frames of a connection that negotiated permessage-deflate. */
export interface Deflater {
  /** Whether a message goes as it is. */
  isPlain(event: WebSocketSendEvent): boolean;
  /** Makes the frame of a message at once; `undefined` where that takes longer. */
  frameNow(event: WebSocketSendEvent): Uint8Array | undefined;
  /** Makes the frame of any other message, whose bytes do not change meanwhile; one at a time. */
  frameLater(event: WebSocketSendEvent, callback: (frame: Uint8Array) => void): void;
  /** Lets go of what it holds: the connection is over. */
  close(): void;
}

/** Up to so many bytes are compressed at once: for them the way to zlib's threads and back costs more than the work. */
const maxAtOnce = 8_192;

/** Compresses each message by itself; one for all connections with the same window, for nothing of zlib is kept. */
export class MessageDeflater implements Deflater {
  readonly #settings: DeflateSettings;
  readonly #limit: TaskLimit;
  readonly #windowBits: number;

  /** `windowBits` is the window that the client can undo, as a power of two. */
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
