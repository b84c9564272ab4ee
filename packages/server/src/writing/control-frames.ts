import { encodePong } from "@ws/protocol";
import type { Clock } from "../session/timing/clock.js";
import type { FrameWriter } from "./frame-writer.js";

/** How many pings get an answer each while the kernel takes none of them; above, the latest alone does. */
const maxWaiting = 256;

/**
 * How many pings may go without one meanwhile, however long that lasts: more than several reads of 64 KiB can hold, and
 * more than anybody sends who means them.
 */
const maxSkipped = 65_536;

/** Whom to ask, and whom to tell. */
export interface ControlOwner {
  /** Whether something may still be sent: after our close frame nothing may follow. RFC 6455 §5.5.1. */
  readonly isOpen: boolean;
  /** The peer sends one ping after the other, and has read nothing for the time-out. */
  flooded(): void;
}

/**
 * Answers each ping of the peer, or where many answers wait, the latest alone.
 * RFC 6455 §5.5.3. So a flood of pings holds no more than that, and a peer that reads may send as many as it likes: also
 * one whose answers stand behind a large message, of which the kernel tells only when all of it was taken.
 */
export class ControlFrames {
  readonly #writer: Pick<FrameWriter, "push" | "awaitTaken">;
  readonly #owner: ControlOwner;
  readonly #clock: Pick<Clock, "now">;
  readonly #timeout: number;
  /** When the first ping was skipped since the kernel last took something, in ms. */
  #since = 0;
  #waiting = 0;
  #skipped = 0;
  #latest: Uint8Array | undefined;

  /** `timeout` is how long the peer may read nothing while it floods us with pings, in ms. */
  constructor(
    writer: Pick<FrameWriter, "push" | "awaitTaken">,
    owner: ControlOwner,
    clock: Pick<Clock, "now">,
    timeout: number,
  ) {
    this.#writer = writer;
    this.#owner = owner;
    this.#clock = clock;
    this.#timeout = timeout;
  }

  /** The kernel has taken something: the peer reads. */
  taken(): void {
    if (this.#waiting === 0) return;
    this.#waiting = 0;
    this.#skipped = 0;
    if (this.#latest !== undefined) this.#answer(this.#latest);
    this.#latest = undefined;
  }

  pinged(payload: Uint8Array): void {
    const pong = encodePong(payload);
    if (this.#waiting < maxWaiting) {
      this.#answer(pong);
      return;
    }
    this.#latest = pong;
    if (this.#skipped === 0) this.#since = this.#clock.now();
    this.#skipped += 1;
    const isFlood = this.#skipped > maxSkipped && this.#clock.now() - this.#since > this.#timeout;
    if (isFlood) this.#owner.flooded();
  }

  #answer(pong: Uint8Array): void {
    if (!this.#owner.isOpen) return;
    this.#waiting += 1;
    this.#writer.push(pong);
    this.#writer.awaitTaken();
  }
}
