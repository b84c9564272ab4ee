import { isPrepared, type WebSocketSendEvent } from "@ws/events";
import type { FrameWriter } from "../writing/frame-writer.js";
import type { Deflater } from "./deflater.js";

/** What the sender needs of its connection. */
export interface DeflateParts {
  readonly writer: Pick<FrameWriter, "buffered" | "send" | "push">;
  /** Whether something may still be sent: nothing may follow our close frame. RFC 6455 §5.5.1. */
  readonly owner: { readonly isOpen: boolean };
}

/** A message that waits for those before it. */
interface Waiting {
  readonly event: WebSocketSendEvent;
  readonly bytes: number;
}

/**
 * Sends the messages of a connection that negotiated permessage-deflate. Small messages are compressed at once, others by
 * zlib's threads; messages that are sent meanwhile wait behind them, so that the order is kept.
 */
export class DeflateSender {
  readonly #parts: DeflateParts;
  readonly #deflater: Deflater;
  #isCompressing = false;
  /** The bytes that are being compressed or wait for it. */
  #held = 0;
  #waiting: Waiting[] = [];
  #onIdle: (() => void) | undefined;

  constructor(parts: DeflateParts, deflater: Deflater) {
    this.#parts = parts;
    this.#deflater = deflater;
  }

  /** Bytes that the kernel has not taken. */
  get buffered(): number {
    return this.#parts.writer.buffered + this.#held;
  }

  /** Calls back when nothing is being compressed any more, which may be at once. After `close` it never calls back. */
  whenIdle(callback: () => void): void {
    if (this.#isCompressing) this.#onIdle = callback;
    else callback();
  }

  send(event: WebSocketSendEvent): void {
    if (!this.#isCompressing) return this.#handle(event);
    const bytes = payloadLength(event);
    this.#held += bytes;
    this.#waiting.push({ event: ownOf(event), bytes });
  }

  /** Drops everything, because the connection has ended. */
  close(): void {
    this.#deflater.close();
  }

  #handle(event: WebSocketSendEvent): void {
    const { writer } = this.#parts;
    if (this.#deflater.isPlain(event)) return writer.send(event);
    const frame = this.#deflater.frameNow(event);
    if (frame === undefined) this.#compress(ownOf(event));
    else writer.push(frame);
  }

  #compress(event: WebSocketSendEvent): void {
    const bytes = payloadLength(event);
    this.#isCompressing = true;
    this.#held += bytes;
    this.#deflater.frameLater(event, (frame) => {
      this.#isCompressing = false;
      this.#held -= bytes;
      this.#compressed(frame);
    });
  }

  /** Sends the frame of a compressed message, and continues with the messages that wait. */
  #compressed(frame: Uint8Array): void {
    const { writer, owner } = this.#parts;
    if (!owner.isOpen) {
      this.#waiting = [];
      this.#held = 0;
      return;
    }
    writer.push(frame);
    while (!this.#isCompressing) {
      const next = this.#waiting.shift();
      if (next === undefined) return this.#onIdle?.();
      this.#held -= next.bytes;
      this.#handle(next.event);
    }
  }
}

/**
 * A copy of a message that the application cannot change: the message is read when its turn comes, and by then the
 * application may have overwritten its bytes.
 */
function ownOf(event: WebSocketSendEvent): WebSocketSendEvent {
  const isOwn = isPrepared(event) || event.text !== undefined;
  return isOwn ? event : { ...event, bytes: Uint8Array.from(event.bytes) };
}

function payloadLength({ text, bytes }: WebSocketSendEvent): number {
  return text === undefined ? bytes.length : Buffer.byteLength(text);
}
