import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { responseHead } from "../http/response/response-head.js";
import { systemClock } from "../platform/system-clock.js";
import type { Logger } from "../session/logger.js";
import type { Clock, TimerHandle } from "../session/timing/clock.js";

/** What the queues of all sockets of a server share. */
export interface RequestQueueOwner {
  /** How long a head and how long a whole request may take, in ms; 0 is for ever. */
  readonly headersTimeout: number;
  readonly requestTimeout: number;
  readonly logger: Logger;
  /** How many requests wait, on all sockets together. */
  waiting: number;
  /** Every request of this socket has been answered, and no further one is under way. */
  idle(socket: Socket): void;
}

interface Waiting {
  readonly response: ServerResponse;
  readonly begin: () => void;
}

const clock: Clock = systemClock;

/**
 * At how many waiting requests the socket is paused, and at how many it is resumed. It is not paused earlier, because a
 * paused socket doesn't report that its client has left.
 */
const [mostWaiting, fewWaiting] = [16, 8];

/**
 * How many requests may wait on all sockets of a server together. Each takes some 2 KiB, and one chunk may bring 3,600 of
 * them. Above this number, a socket that has many of them is closed.
 */
const mostInAll = 16_384;

/** The status of the answer where Node cannot read a request, or not in time. */
const statuses: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

function statusOf(code: string): number | undefined {
  // Any other error is one of the socket or of TLS, and then no answer can be sent.
  return statuses[code] ?? (code.startsWith("HPE_") ? 400 : undefined);
}

/**
 * The requests of one socket. They are answered one at a time and in order (RFC 9112 §9.3.2), however many of them its
 * client sends ahead. Node reads all requests of a chunk before it can be stopped; where many wait, the socket is paused
 * meanwhile.
 */
export class RequestQueue {
  readonly #socket: Socket;
  readonly #owner: RequestQueueOwner;
  /** The response that is being written. */
  #current: ServerResponse | undefined;
  #waiting: Waiting[] = [];
  /** The request that came last. */
  #latest: IncomingMessage | undefined;
  #isPaused = false;
  /** Whether Node reported a time-out while the socket was paused by us. */
  #isOverdue = false;
  #deadline: TimerHandle | undefined;

  constructor(socket: Socket, owner: RequestQueueOwner) {
    this.#socket = socket;
    this.#owner = owner;
    socket.once("close", () => {
      clock.clearTimeout(this.#deadline);
      owner.waiting -= this.#waiting.length;
      this.#waiting = [];
      // Node does not tell a response of the end whose turn on the socket had not come.
      process.nextTick(() => {
        if (this.#current?.closed === false) this.#current.emit("close");
      });
    });
  }

  /** Calls `begin` when everything that came before is answered. */
  enter(request: IncomingMessage, response: ServerResponse, begin: () => void): void {
    clock.clearTimeout(this.#deadline);
    this.#latest = request;
    // Node goes on with a chunk though its socket was closed, or ends with the last answer. RFC 9112 §9.6.
    if (!this.#socket.writable) return;
    if (this.#current === undefined) return this.#begin({ response, begin });
    this.#waiting.push({ response, begin });
    this.#owner.waiting += 1;
    if (this.#waiting.length <= mostWaiting) return;
    if (this.#owner.waiting > mostInAll) return this.#refuse();
    if (this.#isPaused) return;
    this.#isPaused = true;
    // Node resumes reading at the end of each request; by the next tick it has read the whole chunk.
    process.nextTick(() => this.#socket.pause());
  }

  /** From now on, what comes on this socket is no request. */
  leave(): void {
    clock.clearTimeout(this.#deadline);
  }

  /** Node could not read a request, or not in time. Earlier requests that have not been answered are cut off. */
  failed(code: string): void {
    // A request that waits for us is not late. Node will not report it a second time, so this is remembered.
    if (code === "ERR_HTTP_REQUEST_TIMEOUT" && this.#isPaused) this.#isOverdue = true;
    else this.#end(statusOf(code));
  }

  #refuse(): void {
    this.#owner.logger.debug("a socket was closed: too many requests were sent ahead");
    this.#socket.destroy();
  }

  #begin({ response, begin }: Waiting): void {
    this.#current = response;
    response.once("close", () => this.#next());
    begin();
  }

  #next(): void {
    this.#current = undefined;
    if (!this.#socket.writable) return;
    const next = this.#waiting.shift();
    if (next === undefined) {
      this.#owner.idle(this.#socket);
    } else {
      this.#owner.waiting -= 1;
      this.#begin(next);
    }
    if (this.#isPaused && this.#waiting.length <= fewWaiting) this.#resume();
  }

  #resume(): void {
    this.#isPaused = false;
    this.#socket.resume();
    if (this.#isOverdue) this.#watch();
  }

  /** Gives the request its full time again, because the time-out of Node came while we had paused the socket. */
  #watch(): void {
    this.#isOverdue = false;
    const { headersTimeout, requestTimeout } = this.#owner;
    const request = this.#latest;
    const isHeadDue = request?.complete === true;
    const late = (): void => {
      if (isHeadDue || request?.complete !== true) this.#end(408);
    };
    this.#deadline = clock.setTimeout(late, isHeadDue ? headersTimeout : requestTimeout);
  }

  #end(status: number | undefined): void {
    // The response may be under way: in part, or complete before the body of its request has come.
    const { headersSent: isAnswered } = this.#current ?? { headersSent: this.#latest?.complete === false };
    if (status !== undefined && !isAnswered && this.#socket.writable) {
      this.#socket.write(responseHead(status, []));
    }
    this.#socket.destroy();
  }
}
