import { encodePong } from "@ws/protocol";
import type { Clock } from "../session/timing/clock.js";
import type { FrameWriter } from "./frame-writer.js";

/** How many pings are answered one by one while the kernel takes no answer. Beyond that only the latest ping is answered. */
const maxWaiting = 256;

/**
 * How many pings may be skipped in that time, however long it lasts. It is more than several reads of 64 KiB can hold, and
 * more than any well-meaning peer sends.
 */
const maxSkipped = 65_536;

/** What the control frames need of their connection. */
export interface ControlOwner {
  /** Whether something may still be sent: nothing may follow our close frame. RFC 6455 §5.5.1. */
  readonly isOpen: boolean;
  /** The peer sends ping after ping, and has read nothing within the time-out. */
  flooded(): void;
}

/**
 * Answers each ping of the peer; where too many answers wait, only the latest ping is answered, which RFC 6455 §5.5.3
 * allows. So a flood of pings occupies a bounded amount of memory. A peer that reads may send as many pings as it likes,
 * even while its answers wait behind a large message, which the kernel reports only when it has taken all of it.
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

  /** `timeout` is how long the peer may send pings without reading anything, in ms. */
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

  /** The kernel has taken something, so the peer reads. */
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
