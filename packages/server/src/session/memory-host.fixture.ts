import {
  type Application,
  type CloseInfo,
  ConnectionClosed,
  type HeaderList,
  lostConnection,
  type WebSocketScope,
  type WebSocketSendEvent,
} from "@ws/events";
import type { Clock, TimerHandle } from "./clock.js";
import type { Limits } from "./limits.js";
import { run } from "./run.js";
import { Session } from "./session.js";
import { TimerQueue } from "./timer-queue.js";
import type { Handshake, OpenSocket, TransportListener } from "./transport.js";

// A whole host without sockets. It is compiled without the types of Node: see tsconfig.session.json.

let turn = 0;

/** Time by what browsers, Deno, Bun and Cloudflare all have. */
const webClock: Clock = {
  now: () => performance.now(),
  setTimeout: (callback, milliseconds): TimerHandle => setTimeout(callback, milliseconds),
  clearTimeout: (timer) => clearTimeout(timer as number | undefined),
  unref: () => {},
  nextTurn: (callback) => {
    setTimeout(() => {
      turn += 1;
      callback();
    });
  },
  currentTurn: () => turn,
};

/** How the handshake was answered: 101 or a refusal. */
interface Answer {
  readonly status: number;
  readonly headers: HeaderList;
  readonly body: string;
}

/** One connection in memory: for the session a transport, for the test its client. */
export class MemoryConnection implements Handshake, OpenSocket {
  readonly answered: Promise<Answer>;
  readonly closed: Promise<CloseInfo>;
  readonly received: 0 = 0;
  readonly unfinished: 0 = 0;
  buffered = 0;
  /** The messages that the client has not taken. */
  readonly messages: (string | Uint8Array)[] = [];
  isPaused = false;
  #listener!: TransportListener;
  #answer!: (answer: Answer) => void;
  #close!: (info: CloseInfo) => void;
  #onMessage: () => void = () => {};
  #denial: { readonly status: number; readonly headers: HeaderList; body: string } | undefined;
  #isOver = false;

  constructor() {
    this.answered = new Promise((resolve) => {
      this.#answer = resolve;
    });
    this.closed = new Promise((resolve) => {
      this.#close = resolve;
    });
  }

  listen(listener: TransportListener): void {
    this.#listener = listener;
  }

  accept(subprotocol: string | undefined, headers: HeaderList): OpenSocket | undefined {
    const chosen = subprotocol === undefined ? [] : [["sec-websocket-protocol", subprotocol] as const];
    this.#answer({ status: 101, headers: [...chosen, ...headers], body: "" });
    return this;
  }

  refuse(status: number, headers: HeaderList): void {
    this.#answer({ status, headers, body: "" });
    this.#end(lostConnection);
  }

  respond(status: number, headers: HeaderList): void {
    this.#denial = { status, headers, body: "" };
  }

  respondBody(body: Uint8Array, more: boolean): void {
    if (this.#denial === undefined) return;
    this.#denial.body += new TextDecoder().decode(body);
    if (more) return;
    this.#answer(this.#denial);
    this.#end(lostConnection);
  }

  send(event: WebSocketSendEvent): void {
    this.messages.push(event.text ?? new Uint8Array(event.bytes as Uint8Array));
    this.#onMessage();
  }

  awaitDrain(): void {}

  ping(): void {}

  probe(): void {}

  close(code: number, reason: string): void {
    this.#end({ code, reason, wasClean: true, initiator: "application" });
  }

  pause(): void {
    this.isPaused = true;
  }

  resume(): void {
    this.isPaused = false;
  }

  terminate(): void {
    this.#end(lostConnection);
  }

  /** The client sends a message. */
  say(message: string | Uint8Array): void {
    if (typeof message !== "string") return this.#listener.binary(message);
    this.#listener.text(message, new TextEncoder().encode(message).length);
  }

  /** The client waits for a message. */
  async hear(): Promise<string | Uint8Array> {
    for (;;) {
      const message = this.messages.shift();
      if (message !== undefined) return message;
      await new Promise<void>((resolve) => {
        this.#onMessage = resolve;
      });
    }
  }

  /** The client closes. */
  leave(code: number, reason: string): void {
    this.#end({ code, reason, wasClean: true, initiator: "client" });
  }

  #end(info: CloseInfo): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#close(info);
    this.#listener.ended(info);
    this.#listener.released();
  }
}

/** Runs an application on a connection in memory. */
export function connectInMemory(
  application: Application,
  scope: WebSocketScope,
  limits: Limits,
): MemoryConnection {
  const connection = new MemoryConnection();
  const disconnecting = new AbortController();
  const session = new Session({
    handshake: connection,
    clock: webClock,
    timers: new TimerQueue(webClock),
    limits,
    subprotocols: scope.subprotocols,
    listener: {
      onFailedCall: () => {},
      settled: () => {},
      opened: () => {},
      ended: (end) => disconnecting.abort(new ConnectionClosed(end)),
      released: () => {},
    },
  });
  const extensions = {
    "websocket.http.response": {},
    "websocket.disconnect": { signal: disconnecting.signal },
  };
  const call = (): Promise<void> => application({ ...scope, extensions }, session.receive, session.send);
  run(call, session, { unanswered: () => {}, failed: () => {}, over: () => {} });
  return connection;
}
