import { encodePong } from "./frame.js";
import type { Outbox } from "./outbox.js";

/** How many pings get an answer each while the kernel takes none of them; above, the latest alone does. */
const maxWaiting = 256;

/** How many pings may go without one meanwhile: more than several reads of 64 KiB can hold. */
const maxSkipped = 65_536;

/** The header of a client's control frame, and its mask. RFC 6455 §5.5. */
const overhead = 6;

/** What a socket of `ws` tells of its peer's control frames. */
export interface ControlSource {
  readonly readyState: number;
  readonly OPEN: number;
  on(name: "ping" | "pong", listener: (payload: Buffer) => void): unknown;
}

/**
 * The peer's pings and pongs: counts their bytes and answers each ping, or where many answers wait, the latest alone.
 * RFC 6455 §5.5.3. So a flood of pings holds no more than that, and a peer that reads may send as many as it likes.
 */
export class ControlFrames {
  readonly #source: ControlSource;
  readonly #outbox: Pick<Outbox, "push">;
  readonly #onFlood: () => void;
  #bytes = 0;
  #waiting = 0;
  #skipped = 0;
  #latest: Uint8Array | undefined;

  /** `onFlood` is called when the peer sends one ping after the other and reads no answer. */
  constructor(source: ControlSource, outbox: Pick<Outbox, "push">, onFlood: () => void) {
    this.#source = source;
    this.#outbox = outbox;
    this.#onFlood = onFlood;
    source.on("ping", (payload) => this.#ping(payload));
    source.on("pong", (payload) => this.#count(payload));
  }

  /** How many bytes whole control frames took. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The kernel has taken something: the peer reads. */
  written(): void {
    if (this.#waiting === 0) return;
    this.#waiting = 0;
    this.#skipped = 0;
    if (this.#latest !== undefined) this.#answer(this.#latest);
    this.#latest = undefined;
  }

  #count(payload: Buffer): void {
    this.#bytes += payload.length + overhead;
  }

  #ping(payload: Buffer): void {
    this.#count(payload);
    const pong = encodePong(payload);
    if (this.#waiting < maxWaiting) {
      this.#answer(pong);
      return;
    }
    this.#latest = pong;
    this.#skipped += 1;
    if (this.#skipped > maxSkipped) this.#onFlood();
  }

  /** After our close frame nothing may follow. RFC 6455 §5.5.1. */
  #answer(pong: Uint8Array): void {
    if (this.#source.readyState !== this.#source.OPEN) return;
    this.#waiting += 1;
    this.#outbox.push([pong]);
  }
}
