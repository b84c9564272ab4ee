import type { Socket } from "node:net";
import type { Report } from "../parent/messages.js";

/** How long it may take until the parent is told of closed sockets, in ms: one message then stands for many. */
const closedDelay = 20;

/** Below this age a socket may still be on its way to its answer, in ms. */
const youth = 2_000;

interface Given {
  readonly socket: Socket;
  /** When it came, in ms of `performance.now()`. */
  readonly at: number;
}

/**
 * The sockets that the parent has handed over. The parent keeps its own copy of each until it is told that it is here, and
 * counts those that are open to give the next one to the process with the fewest.
 */
export class GivenSockets {
  readonly #send: (report: Report) => void;
  readonly #isSecure: boolean;
  /** Those that have not been seen to be answered. */
  readonly #young: Set<Given> = new Set();
  #got: number[] = [];
  #closed = 0;
  #timer: NodeJS.Timeout | undefined;
  #immediate: NodeJS.Immediate | undefined;

  constructor(send: (report: Report) => void, isSecure: boolean) {
    this.#send = send;
    this.#isSecure = isSecure;
  }

  add(id: number, socket: Socket): void {
    this.#got.push(id);
    const given = { socket, at: performance.now() };
    this.#young.add(given);
    socket.once("close", () => {
      this.#young.delete(given);
      this.#closed += 1;
      this.#timer ??= setTimeout(() => this.report(), closedDelay);
    });
    if (this.#young.size > 1_000) this.#forget();
    this.#tellSoon();
  }

  /** A socket that was closed before it came here. */
  lost(id: number): void {
    this.#got.push(id);
    this.#closed += 1;
    this.#tellSoon();
  }

  /**
   * Whether no socket is on its way to its first answer: to be closed now would mean a refused handshake. Of a socket under
   * TLS it can't be seen whether it is answered: there its age alone tells.
   */
  get isSettled(): boolean {
    this.#forget();
    return this.#young.size === 0;
  }

  #forget(): void {
    const now = performance.now();
    for (const given of this.#young) {
      const isAnswered = !this.#isSecure && given.socket.bytesWritten > 0;
      const age = now - given.at;
      if (isAnswered || age > (this.#isSecure ? youth / 2 : youth)) this.#young.delete(given);
    }
  }

  /**
   * Tells of all that came in this turn before a byte of them is read, which Node does in the next one: a socket of which
   * the parent was not told is untouched, and can be given to another process where this one dies.
   */
  #tellSoon(): void {
    this.#immediate ??= setImmediate(() => this.report());
  }

  /** Tells the parent what has changed. */
  report(): void {
    clearTimeout(this.#timer);
    clearImmediate(this.#immediate);
    this.#timer = undefined;
    this.#immediate = undefined;
    const [got, closed] = [this.#got, this.#closed];
    if (got.length === 0 && closed === 0) return;
    this.#got = [];
    this.#closed = 0;
    this.#send({ type: "sockets", got, closed });
  }
}
