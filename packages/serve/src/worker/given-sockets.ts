import type { Socket } from "node:net";
import type { Report } from "../parent/messages.js";

/** How long it may take until the parent is told of closed sockets, in ms, so that one message reports many. */
const closedDelay = 20;

/** A socket that is younger than this may still wait for its answer, in ms. */
const youth = 2_000;

interface Given {
  readonly socket: Socket;
  /** When the socket came, in ms of `performance.now()`. */
  readonly at: number;
}

/**
 * The sockets that the parent has handed over. The parent keeps its own copy of each until this process confirms it, and
 * counts the open sockets in order to give the next one to the process with the fewest.
 */
export class GivenSockets {
  readonly #send: (report: Report) => void;
  readonly #isSecure: boolean;
  /** Sockets that may not have been answered yet. */
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

  /** A socket was closed before it arrived here. */
  lost(id: number): void {
    this.#got.push(id);
    this.#closed += 1;
    this.#tellSoon();
  }

  /**
   * Whether no socket waits for its first answer: closing now would refuse its handshake. Under TLS it cannot be seen
   * whether a socket was answered, so only its age counts.
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
   * Confirms all sockets of this turn before a byte of them is read, which happens in the next turn. So a socket that was
   * not confirmed is untouched, and can be given to another process if this one dies.
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
