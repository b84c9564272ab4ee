import type { Duplex } from "node:stream";
import { PreparedEvent, type WebSocketSendEvent } from "@ws/events";
import { deflatedFrame, isBelow } from "./deflate-frame.js";
import type { DeflateSettings } from "./deflate-options.js";
import type { Outbox } from "./outbox.js";

/** What a socket of `ws` does for what is compressed for one connection alone. */
export interface Compressor {
  /** What the socket holds, and what is being compressed or waits for that; in bytes. */
  readonly bufferedAmount: number;
  send(payload: string | Uint8Array, callback: (error?: Error | null) => void): void;
}

/** Where a connection's frames and compressed messages go. */
export interface DeflateParts {
  readonly compressor: Compressor;
  readonly socket: Pick<Duplex, "writableLength">;
  readonly outbox: Pick<Outbox, "pending" | "send" | "push" | "flush">;
  /** Told when the kernel has taken a message that was compressed. */
  readonly owner: { drained(): void };
}

/**
 * Sends on a connection that negotiated permessage-deflate. Small messages and prepared ones are frames of our own, like
 * all others; the rest is compressed by `ws`, which takes its time, and what is sent meanwhile waits behind it.
 */
export class DeflateSender {
  readonly #parts: DeflateParts;
  readonly #settings: DeflateSettings;
  readonly #windowBits: number;
  readonly #onSent: (error?: Error | null) => void;

  /** `windowBits` is the window that the client can undo; 0 where it keeps the context of one message for the next. */
  constructor(parts: DeflateParts, settings: DeflateSettings, windowBits: number) {
    this.#parts = parts;
    this.#settings = settings;
    this.#windowBits = windowBits;
    this.#onSent = (error) => {
      if (!error) parts.owner.drained();
    };
  }

  /** Bytes that the kernel has not taken. */
  get buffered(): number {
    return this.#parts.compressor.bufferedAmount + this.#parts.outbox.pending;
  }

  send(event: WebSocketSendEvent): void {
    const { compressor, outbox, socket } = this.#parts;
    // With a context, each compressed message depends on all before it; and no frame may overtake what `ws` still has.
    if (this.#windowBits === 0 || compressor.bufferedAmount !== socket.writableLength) this.#compress(event);
    else if (event instanceof PreparedEvent) {
      outbox.push(
        deflatedFrame(event as PreparedEvent & WebSocketSendEvent, this.#windowBits, this.#settings),
      );
    } else if (isBelow(this.#settings.threshold, event)) outbox.send(event);
    else this.#compress(event);
  }

  /** Bytes are a copy: they are read when their turn comes, and the application may have changed its own by then. */
  #compress(event: WebSocketSendEvent): void {
    this.#parts.outbox.flush();
    this.#parts.compressor.send(event.text ?? new Uint8Array(event.bytes), this.#onSent);
  }
}
