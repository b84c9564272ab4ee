import { encodePong } from "./frame.js";
import type { Outbox } from "./outbox.js";

/** How many pings get an answer each while the kernel takes none of them; above, the latest alone does. */
const maxWaiting = 256;

/** How many pings may go without one meanwhile: more than several reads of 64 KiB can hold. */
const maxSkipped = 65_536;

/** The header of a client's control frame, and its mask. RFC 6455 §5.5. */
const overhead = 6;

/** Whether something may still be sent, as a WebSocket of the platform says it. */
export interface ControlSource {
  readonly readyState: number;
  readonly OPEN: number;
}

/** Whom to tell. */
export interface ControlOwner {
  /** The peer sends one ping after the other and reads no answer. */
  flooded(): void;
}

/**
 * The peer's pings and pongs: counts their bytes and answers each ping, or where many answers wait, the latest alone.
 * RFC 6455 §5.5.3. So a flood of pings holds no more than that, and a peer that reads may send as many as it likes.
 */
export class ControlFrames {
  readonly #source: ControlSource;
  readonly #outbox: Pick<Outbox, "push" | "awaitTaken">;
  readonly #owner: ControlOwner;
  #bytes = 0;
  #waiting = 0;
  #skipped = 0;
  #latest: Uint8Array | undefined;

  constructor(source: ControlSource, outbox: Pick<Outbox, "push" | "awaitTaken">, owner: ControlOwner) {
    this.#source = source;
    this.#outbox = outbox;
    this.#owner = owner;
  }

  /** How many bytes whole control frames took. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The kernel has taken something: the peer reads. */
  taken(): void {
    if (this.#waiting === 0) return;
    this.#waiting = 0;
    this.#skipped = 0;
    if (this.#latest !== undefined) this.#answer(this.#latest);
    this.#latest = undefined;
  }

  ponged(payload: Buffer): void {
    this.#bytes += payload.length + overhead;
  }

  pinged(payload: Buffer): void {
    this.#bytes += payload.length + overhead;
    const pong = encodePong(payload);
    if (this.#waiting < maxWaiting) {
      this.#answer(pong);
      return;
    }
    this.#latest = pong;
    this.#skipped += 1;
    if (this.#skipped > maxSkipped) this.#owner.flooded();
  }

  /** After our close frame nothing may follow. RFC 6455 §5.5.1. */
  #answer(pong: Uint8Array): void {
    if (this.#source.readyState !== this.#source.OPEN) return;
    this.#waiting += 1;
    this.#outbox.push(pong);
    this.#outbox.awaitTaken();
  }
}
