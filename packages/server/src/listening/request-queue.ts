import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { responseHead } from "../http/response/response-head.js";
import { systemClock } from "../platform/system-clock.js";
import type { Logger } from "../session/logger.js";
import type { Clock, TimerHandle } from "../session/timing/clock.js";

/** What the queues of a server share. */
export interface RequestQueueOwner {
  /** How long a head, and how long a whole request may take, in ms; 0 for ever. */
  readonly headersTimeout: number;
  readonly requestTimeout: number;
  readonly logger: Logger;
  /** How many requests wait, on all sockets. */
  waiting: number;
  /** Every request that came is answered, and none is under way. */
  idle(socket: Socket): void;
}

interface Waiting {
  readonly response: ServerResponse;
  readonly begin: () => void;
}

const clock: Clock = systemClock;

/**
 * How many may wait before the socket is paused, and with how many it is resumed. A socket that is paused doesn't tell
 * that its client has left: it is for those that send many ahead.
 */
const [mostWaiting, fewWaiting] = [16, 8];

/**
 * How many may wait on all sockets of a server. Each holds some 2 KiB, and one chunk may bring 3,600 of them: above
 * this, a socket that has many is closed.
 */
const mostInAll = 16_384;

/** What is answered where Node can't read a request, or not in time. */
const statuses: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

function statusOf(code: string): number | undefined {
  // Another error is that of a socket or of TLS, which take no answer any more.
  return statuses[code] ?? (code.startsWith("HPE_") ? 400 : undefined);
}

/**
 * The requests of one socket, answered one at a time and in order (RFC 9112 §9.3.2), however many its client sends
 * ahead. Node reads all that are in a chunk before it can be stopped: where many wait, the socket is paused meanwhile.
 */
export class RequestQueue {
  readonly #socket: Socket;
  readonly #owner: RequestQueueOwner;
  /** The one that is being answered. */
  #current: ServerResponse | undefined;
  #waiting: Waiting[] = [];
  /** The request that came last. */
  #latest: IncomingMessage | undefined;
  #isPaused = false;
  /** Node found what is coming too slow, at a time when we did not read on. */
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
    // Node reads on at the end of each request; by the next tick it has read the whole chunk.
    process.nextTick(() => this.#socket.pause());
  }

  /** What comes from now on is no request. */
  leave(): void {
    clock.clearTimeout(this.#deadline);
  }

  /** Node could not read a request, or not in time. What came before it and is not answered yet is cut off. */
  failed(code: string): void {
    // What waits for us is not late; Node looks at it no second time.
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

  /** The time that Node would have given it begins anew. */
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
    // What is under way may have its answer: in part, or the whole of it before its body has come.
    const { headersSent: isAnswered } = this.#current ?? { headersSent: this.#latest?.complete === false };
    if (status !== undefined && !isAnswered && this.#socket.writable) {
      this.#socket.write(responseHead(status, []));
    }
    this.#socket.destroy();
  }
}
