import type { Duplex } from "node:stream";
import { type HeaderList, lostConnection } from "@ws/events";
import { ResponseFraming } from "../http/response/response-framing.js";
import { responseHead } from "../http/response/response-head.js";
import type { Clock, TimerHandle } from "../session/timing/clock.js";
import type { TransportListener } from "../session/transport.js";

/** How many bytes may come before the handshake is answered; then the peer is paused. */
const maxEarly = 65_536;

/**
 * Is told when a client leaves before the answer is complete, when the kernel has taken a part of the answer, and when the
 * socket is closed.
 */
export type PendingListener = Pick<TransportListener, "ended" | "drained" | "released">;

/** The listeners of a socket that waits for its answer, or whose refusal is being sent. */
interface Listeners {
  readonly data: (chunk: Buffer) => void;
  readonly end: () => void;
  readonly close: () => void;
}

/**
 * A socket between Node's `upgrade` event and the answer to its handshake. It has an error listener from the first line on,
 * notices a client that leaves, and keeps the bytes that come early. Most handshakes are answered in the turn in which they
 * come, in which no further bytes can come; the other listeners are added only where the answer takes longer.
 */
export class PendingSocket {
  readonly socket: Duplex;
  readonly #clock: Clock;
  readonly #linger: number;
  #listener: PendingListener | undefined;
  #listeners: Listeners | undefined;
  #early: Buffer[];
  #received: number;
  #isWaiting = true;
  #isAnswered = false;
  #framing: ResponseFraming | undefined;
  #timer: TimerHandle | undefined;

  /** A socket that was refused is destroyed after `linger` ms, unless its client closes it before. */
  constructor(socket: Duplex, head: Buffer, clock: Clock, linger: number) {
    // This listener stays for the socket's whole life, because without one a reset would end the process.
    socket.on("error", ignore);
    this.socket = socket;
    this.#clock = clock;
    this.#linger = linger;
    this.#early = [head];
    this.#received = head.length;
    clock.nextTurn(() => {
      if (this.#isWaiting) this.#watch();
    });
  }

  /** Sets the listener. It must be called in the tick in which the handshake came. */
  listen(listener: PendingListener): void {
    this.#listener = listener;
  }

  /** How many bytes came before the answer. */
  get received(): number {
    return this.#received;
  }

  /**
   * Gives up the socket, and returns the bytes that came early; `undefined` where the client has gone. The socket is paused.
   */
  take(): Buffer | undefined {
    const { socket } = this;
    if (!socket.writable) return undefined;
    this.#isWaiting = false;
    if (this.#listeners !== undefined) {
      socket.pause();
      socket.off("data", this.#listeners.data);
      socket.off("end", this.#listeners.end);
      socket.off("close", this.#listeners.close);
    }
    const early = this.#early;
    this.#early = [];
    return early.length === 1 ? early[0] : Buffer.concat(early);
  }

  /** Answers with a response without a body, and closes. */
  refuse(status: number, headers: HeaderList): void {
    this.respond(status, [["content-length", "0"], ...headers]);
    this.respondBody(new Uint8Array(), false);
  }

  /**
   * Writes the head of a response whose body follows. Without a `content-length` the body ends with the connection.
   *
   * @throws {ProtocolError} for an invalid `content-length`.
   */
  respond(status: number, headers: HeaderList): void {
    // A handshake is always a GET.
    this.#framing = new ResponseFraming("GET", status, headers);
    this.#watch();
    this.#isWaiting = false;
    this.#early = [];
    this.socket.write(responseHead(status, this.#framing.headers(undefined)), "latin1");
    // What the client still sends is read and dropped: if it stayed unread, the system would reset the connection, and the
    // client could lose the response.
    this.socket.resume();
  }

  /** @throws {ProtocolError} for a body of another length than was declared; nothing of this part is written then. */
  respondBody(body: Uint8Array, more: boolean): void {
    this.#framing?.take(body.length, !more);
    if (body.length > 0 && this.#framing?.hasBody === true) {
      this.socket.write(body, (error) => {
        if (!error) this.#listener?.drained();
      });
    }
    if (more) return;
    this.#isAnswered = true;
    this.socket.end();
    if (this.socket.destroyed) return;
    this.#timer = this.#clock.setTimeout(() => this.socket.destroy(), this.#linger);
  }

  #watch(): void {
    if (this.#listeners !== undefined) return;
    const { socket } = this;
    const listeners: Listeners = {
      data: (chunk) => this.#keep(chunk),
      end: () => {
        if (this.#isWaiting) socket.destroy();
      },
      close: () => this.#closed(),
    };
    this.#listeners = listeners;
    socket.on("data", listeners.data);
    // The socket is paused if too many bytes came early.
    socket.resume();
    socket.on("end", listeners.end);
    // A socket that was destroyed in the turn in which it came has already emitted `close`.
    if (socket.closed) this.#clock.nextTurn(listeners.close);
    else socket.on("close", listeners.close);
  }

  #keep(chunk: Buffer): void {
    if (!this.#isWaiting) return;
    this.#early.push(chunk);
    this.#received += chunk.length;
    if (this.#received >= maxEarly) this.socket.pause();
  }

  #closed(): void {
    this.#clock.clearTimeout(this.#timer);
    if (!this.#isAnswered) this.#listener?.ended(lostConnection);
    this.#listener?.released();
  }
}

function ignore(): void {}
