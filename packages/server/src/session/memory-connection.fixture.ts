import { type CloseInfo, type HeaderList, lostConnection, type WebSocketSendEvent } from "@ws/events";
import type { Handshake, OpenSocket, TransportListener } from "./transport.js";

/** How a handshake was answered: 101 or a refusal. */
export interface Answer {
  readonly status: number;
  readonly headers: HeaderList;
  readonly body: Uint8Array;
}

/** What the client of a connection is told. */
export interface MemoryClient {
  message(data: string | Uint8Array): void;
  closed(code: number, reason: string): void;
}

/** What is on its way to the client: a message, or the close behind all of them. */
interface Sent {
  readonly message?: string | Uint8Array;
  readonly size: number;
  readonly close?: CloseInfo;
}

/** One connection in memory: for the session a transport, and the ways of a client. */
export class MemoryConnection implements Handshake, OpenSocket {
  /** How the handshake is answered; `undefined` where its client left before. */
  readonly answered: Promise<Answer | undefined>;
  readonly unfinished: 0 = 0;
  received = 0;
  readonly #client: MemoryClient;
  readonly #sent: Sent[] = [];
  /** What the client did while the session had paused it. */
  readonly #held: (() => void)[] = [];
  readonly #denied: number[] = [];
  #denial: Omit<Answer, "body"> | undefined;
  #listener!: TransportListener;
  #answer!: (answer: Answer | undefined) => void;
  #isPaused = false;
  #isReading = true;
  #isOver = false;
  #isClosed = false;

  constructor(client: MemoryClient) {
    this.#client = client;
    this.answered = new Promise((resolve) => {
      this.#answer = resolve;
    });
  }

  get buffered(): number {
    return this.#isOver ? Number.POSITIVE_INFINITY : this.#sent.reduce((sum, { size }) => sum + size, 0);
  }

  listen(listener: TransportListener): void {
    this.#listener = listener;
  }

  accept(subprotocol: string | undefined, headers: HeaderList): OpenSocket | undefined {
    if (this.#isOver) return undefined;
    const chosen = subprotocol === undefined ? [] : [["sec-websocket-protocol", subprotocol] as const];
    this.#answer({ status: 101, headers: [...chosen, ...headers], body: new Uint8Array() });
    return this;
  }

  refuse(status: number, headers: HeaderList): void {
    this.#answer({ status, headers: [...headers, ["connection", "close"]], body: new Uint8Array() });
    this.#end(lostConnection);
  }

  respond(status: number, headers: HeaderList): void {
    this.#denial = { status, headers };
  }

  respondBody(body: Uint8Array, more: boolean): void {
    this.#denied.push(...body);
    if (more || this.#denial === undefined) return;
    this.#answer({ ...this.#denial, body: Uint8Array.from(this.#denied) });
    this.#end(lostConnection);
  }

  send(event: WebSocketSendEvent): void {
    // The bytes are the sender's again once it was called.
    const message = event.text ?? new Uint8Array(event.bytes as Uint8Array);
    this.#sent.push({ message, size: message.length });
    this.#deliver();
  }

  close(code: number, reason: string): void {
    const close = { code, reason, wasClean: true, initiator: "application" } as const;
    this.#sent.push({ size: 0, close });
    this.#deliver();
  }

  awaitDrain(): void {}

  ping(): void {
    if (this.#isReading) this.received += 1;
  }

  probe(): void {}

  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    while (!this.#isPaused && this.#held.length > 0) this.#held.shift()?.();
  }

  terminate(): void {
    this.#end(lostConnection);
  }

  /** The client sends a message. */
  clientSends(message: string | Uint8Array): void {
    this.#arrives(() => {
      if (typeof message !== "string") this.#listener.binary(message);
      else this.#listener.text(message, new TextEncoder().encode(message).length);
    });
  }

  /** The client closes, and is answered. */
  clientCloses(code: number, reason: string): void {
    this.#arrives(() => {
      this.#tellClosed(code, reason);
      this.#end({ code, reason, wasClean: true, initiator: "client" });
    });
  }

  /** The client is gone without a word. */
  clientLeaves(): void {
    this.#end(lostConnection);
    this.#tellClosed(lostConnection.code, lostConnection.reason);
  }

  clientPauses(): void {
    this.#isReading = false;
  }

  clientResumes(): void {
    this.#isReading = true;
    this.#deliver();
    if (!this.#isOver) this.#listener.drained();
  }

  #arrives(happen: () => void): void {
    if (this.#isOver) return;
    this.received += 1;
    if (this.#isPaused || this.#held.length > 0) this.#held.push(happen);
    else happen();
  }

  /** Gives the client what it reads. What was sent before the end it has still. */
  #deliver(): void {
    while (this.#isReading && this.#sent.length > 0) {
      const { message, close } = this.#sent.shift() as Sent;
      if (message !== undefined) this.#client.message(message);
      if (close === undefined) continue;
      this.#tellClosed(close.code, close.reason);
      this.#end(close);
    }
    if (this.#isOver && this.#isReading) this.#tellClosed(lostConnection.code, lostConnection.reason);
  }

  #tellClosed(code: number, reason: string): void {
    if (!this.#isClosed) this.#client.closed(code, reason);
    this.#isClosed = true;
  }

  #end(info: CloseInfo): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#answer(undefined);
    // As a socket does, it tells nothing within a call of the session's.
    queueMicrotask(() => {
      this.#listener.ended(info);
      this.#listener.released();
    });
    this.#deliver();
  }
}
