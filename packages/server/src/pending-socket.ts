import type { Duplex } from "node:stream";
import type { HeaderList } from "@ws/events";
import type { Clock, Timer } from "./clock.js";
import { responseHead } from "./response-head.js";

/** How much may come before the handshake is answered, in bytes; then the peer is paused. */
const maxEarly = 65_536;

/** What happens to a socket that has no answer yet, or that was refused. */
export interface PendingListener {
  /** The client left before the answer was complete. */
  gone(): void;
  /** The kernel has taken a part of the answer. */
  drained(): void;
  /** The socket is closed. */
  released(): void;
}

/**
 * A socket between Node's `upgrade` event and the answer. It has an error listener from its first line on, notices a
 * client that leaves, and keeps what came early.
 */
export class PendingSocket {
  readonly socket: Duplex;
  readonly #clock: Clock;
  readonly #linger: number;
  #listener: PendingListener | undefined;
  #early: Buffer[];
  #received: number;
  #isWaiting = true;
  #isAnswered = false;
  #timer: Timer | undefined;

  /** A socket that was refused is destroyed after `linger` ms, if its client does not close it before. */
  constructor(socket: Duplex, head: Buffer, clock: Clock, linger: number) {
    // Stays for the socket's whole life: without one, a reset would end the process.
    socket.on("error", ignore);
    this.socket = socket;
    this.#clock = clock;
    this.#linger = linger;
    this.#early = [head];
    this.#received = head.length;
    socket.on("data", this.#onData);
    socket.on("end", this.#onEnd);
    socket.on("close", this.#onClose);
  }

  /** Whom to tell; to be set in the same tick. */
  listen(listener: PendingListener): void {
    this.#listener = listener;
  }

  /** Bytes that came before the answer. */
  get received(): number {
    return this.#received;
  }

  /** Hands the socket on with what came early; `undefined` where the client has gone. It is paused. */
  take(): Buffer | undefined {
    const { socket } = this;
    if (!socket.writable) return undefined;
    this.#isWaiting = false;
    socket.pause();
    socket.off("data", this.#onData);
    socket.off("end", this.#onEnd);
    socket.off("close", this.#onClose);
    const early = Buffer.concat(this.#early);
    this.#early = [];
    return early;
  }

  /** Answers with a whole response without a body, and closes. */
  refuse(status: number, headers: HeaderList): void {
    this.respond(status, [["content-length", "0"], ...headers]);
    this.respondBody(new Uint8Array(), false);
  }

  /** The head of a response whose body follows; without a `content-length` its end is that of the connection. */
  respond(status: number, headers: HeaderList): void {
    this.#isWaiting = false;
    this.#early = [];
    this.socket.write(responseHead(status, headers), "latin1");
    // What the client still sends is read and dropped: a reset could cost it the response.
    this.socket.resume();
  }

  respondBody(body: Uint8Array, more: boolean): void {
    if (body.length > 0) this.socket.write(body, this.#onWritten);
    if (more) return;
    this.#isAnswered = true;
    this.socket.end();
    if (this.socket.destroyed) return;
    this.#timer = this.#clock.setTimeout(() => this.socket.destroy(), this.#linger);
  }

  readonly #onWritten = (error?: Error | null): void => {
    if (!error) this.#listener?.drained();
  };

  readonly #onData = (chunk: Buffer): void => {
    if (!this.#isWaiting) return;
    this.#early.push(chunk);
    this.#received += chunk.length;
    if (this.#received >= maxEarly) this.socket.pause();
  };

  readonly #onEnd = (): void => {
    if (this.#isWaiting) this.socket.destroy();
  };

  readonly #onClose = (): void => {
    this.#clock.clearTimeout(this.#timer);
    if (!this.#isAnswered) this.#listener?.gone();
    this.#listener?.released();
  };
}

function ignore(): void {}
