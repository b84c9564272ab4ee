import type { Duplex } from "node:stream";
import { type HeaderList, lostConnection } from "@ws/events";
import { ResponseFraming } from "../http/response/response-framing.js";
import { responseHead } from "../http/response/response-head.js";
import type { Clock, TimerHandle } from "../session/timing/clock.js";
import type { TransportListener } from "../session/transport.js";

/** How much may come before the handshake is answered, in bytes; then the peer is paused. */
const maxEarly = 65_536;

/** Who is told of a client that leaves before the answer is complete, of what the kernel has taken of it, and of the end. */
export type PendingListener = Pick<TransportListener, "ended" | "drained" | "released">;

/** What is listened to while there is no answer, and until the end of one that refuses. */
interface Listeners {
  readonly data: (chunk: Buffer) => void;
  readonly end: () => void;
  readonly close: () => void;
}

/**
 * A socket between Node's `upgrade` event and the answer. It has an error listener from its first line on, notices a
 * client that leaves, and keeps what came early. Most handshakes are answered in the turn in which they come, in which
 * nothing more can come: the other listeners are for those that are not.
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

  /** A socket that was refused is destroyed after `linger` ms, if its client does not close it before. */
  constructor(socket: Duplex, head: Buffer, clock: Clock, linger: number) {
    // Stays for the socket's whole life: without one, a reset would end the process.
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

  /** Whom to tell; to be set in the same tick. */
  listen(listener: PendingListener): void {
    this.#listener = listener;
  }

  /** Bytes that came before the answer. */
  get received(): number {
    return this.#received;
  }

  /** Hands the socket on with what came early; `undefined` where the client has gone. It is not read meanwhile. */
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

  /** Answers with a whole response without a body, and closes. */
  refuse(status: number, headers: HeaderList): void {
    this.respond(status, [["content-length", "0"], ...headers]);
    this.respondBody(new Uint8Array(), false);
  }

  /**
   * The head of a response whose body follows; without a `content-length` its end is that of the connection.
   *
   * @throws {ProtocolError} for a `content-length` that is none.
   */
  respond(status: number, headers: HeaderList): void {
    // A handshake is a GET.
    this.#framing = new ResponseFraming("GET", status, headers);
    this.#watch();
    this.#isWaiting = false;
    this.#early = [];
    this.socket.write(responseHead(status, this.#framing.headers(undefined)), "latin1");
    // What the client still sends is read and dropped: a reset could cost it the response.
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
    // One that was held before is paused.
    socket.resume();
    socket.on("end", listeners.end);
    // Destroyed in the turn in which it came, it has told already.
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
