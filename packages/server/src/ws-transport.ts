import type { IncomingMessage } from "node:http";
import type { Socket as NetSocket } from "node:net";
import type { Duplex } from "node:stream";
import { type HeaderList, lostConnection, type WebSocketSendEvent } from "@ws/events";
import { ControlFrames, type ControlOwner } from "./control-frames.js";
import type { DeflateSender } from "./deflate-sender.js";
import { probe, watch } from "./kernel-watch.js";
import { Outbox, type OutboxOwner } from "./outbox.js";
import type { PendingListener, PendingSocket } from "./pending-socket.js";
import type { Transport, TransportListener } from "./transport.js";
import type { Upgrader, WsSocket, WsSocketOwner } from "./ws-socket.js";

/** What a socket is opened with. */
interface Handshake {
  readonly upgrader: Upgrader;
  readonly request: IncomingMessage;
  readonly pending: PendingSocket;
}

/**
 * A socket from its handshake to its end, on `ws`. What speaks of messages is called after a successful `accept` alone:
 * the session sees to that.
 */
export class WsTransport implements Transport, PendingListener, WsSocketOwner, OutboxOwner, ControlOwner {
  messages = 0;
  /** Let go of when the connection is open, for the rest of its life is longer. */
  #handshake: Handshake | undefined;
  readonly #socket: Duplex & Partial<Pick<NetSocket, "bytesRead" | "setKeepAlive">>;
  #listener!: TransportListener;
  #webSocket!: WsSocket;
  #outbox!: Outbox;
  #controls!: ControlFrames;
  /** Bytes counted by us, where the socket doesn't count them itself. */
  #counted = 0;
  /** How much came before the first frame. */
  #head = 0;
  #deflated: DeflateSender | undefined;
  #isOpen = false;

  constructor(handshake: Handshake) {
    this.#handshake = handshake;
    this.#socket = handshake.pending.socket;
  }

  /** Whom to tell; to be set in the same tick. */
  set listener(listener: TransportListener) {
    this.#listener = listener;
    this.#handshake?.pending.listen(this);
  }

  get received(): number {
    return this.#socket.bytesRead ?? this.#counted;
  }

  get messageBytes(): number {
    return this.received - this.#head - this.#controls.bytes;
  }

  get buffered(): number {
    if (this.#isOpen && this.#deflated === undefined) return this.#outbox.buffered;
    if (!this.#socket.writable) return Number.POSITIVE_INFINITY;
    return this.#deflated?.buffered ?? this.#socket.writableLength;
  }

  awaitDrain(): void {
    if (this.#isOpen) this.#outbox.awaitTaken();
  }

  accept(subprotocol: string | undefined, headers: HeaderList): boolean {
    const handshake = this.#handshake;
    const early = handshake?.pending.take();
    if (handshake === undefined || early === undefined) return false;
    this.#handshake = undefined;
    const { upgrader, request } = handshake;
    const socket = this.#socket;
    const webSocket = upgrader.upgrade(request, socket, early, { subprotocol, headers });
    if (webSocket === undefined) {
      socket.once("close", () => this.#listener.released());
      return false;
    }
    if (socket.bytesRead !== undefined) this.#head = socket.bytesRead - early.length;
    this.#open(webSocket, upgrader);
    return true;
  }

  #open(webSocket: WsSocket, upgrader: Upgrader): void {
    const socket = this.#socket;
    webSocket.listen(this);
    this.#webSocket = webSocket;
    this.#isOpen = true;
    this.#outbox = new Outbox(socket, this);
    this.#controls = new ControlFrames(webSocket, this.#outbox, this);
    const parts = { compressor: webSocket, socket, outbox: this.#outbox, owner: this };
    this.#deflated = upgrader.deflate.sender(parts);
    // While a message is being inflated, the end of the stream overtakes it; then only `close` is in order.
    if (this.#deflated === undefined) socket.on("end", () => this.gone());
    if (socket.bytesRead === undefined) {
      socket.on("data", (chunk: Buffer) => {
        this.#counted += chunk.length;
      });
    }
    socket.resume();
  }

  refuse(status: number, headers: HeaderList): void {
    this.#handshake?.pending.refuse(status, headers);
  }

  respond(status: number, headers: HeaderList): void {
    this.#handshake?.pending.respond(status, headers);
  }

  respondBody(body: Uint8Array, more: boolean): void {
    this.#handshake?.pending.respondBody(body, more);
  }

  send(event: WebSocketSendEvent): void {
    if (this.#deflated === undefined) this.#outbox.send(event);
    else this.#deflated.send(event);
  }

  ping(): void {
    this.#outbox.flush();
    this.#webSocket.ping();
  }

  probe(): void {
    probe(this.#socket);
  }

  close(code: number, reason: string): void {
    this.#webSocket.close(code, reason);
  }

  pause(): void {
    // Nothing tells of a lost peer while we don't read, unless the kernel asks for it.
    watch(this.#socket);
    this.#webSocket.pause();
  }

  resume(): void {
    this.#webSocket.resume();
  }

  terminate(): void {
    this.#socket.destroy();
  }

  flush(): void {
    this.#outbox.flush();
  }

  message(data: Buffer, isText: boolean): void {
    this.messages += 1;
    this.#listener.message(data, isText);
  }

  pinged(payload: Buffer): void {
    this.#controls.pinged(payload);
  }

  ponged(payload: Buffer): void {
    this.#controls.ponged(payload);
  }

  /** The peer sends pings and reads no answer. */
  flooded(): void {
    this.failed("ping flood");
    this.terminate();
  }

  /** The kernel has taken something. */
  taken(): void {
    this.#controls.taken();
    this.drained();
  }

  drained(): void {
    this.#listener.drained();
  }

  /** The client has left. */
  gone(): void {
    this.#listener.ended(lostConnection);
  }

  released(): void {
    this.#listener.released();
  }

  /** The peer's close frame came. */
  peerClosed(code: number, reason: string): void {
    this.#listener.ended({ code, reason, wasClean: true, initiator: "client" });
  }

  /** `ws` found the peer in breach of the protocol and closes with the code that says so. */
  failed(reason: string): void {
    this.#listener.ended({ ...lostConnection, reason, initiator: "server" });
  }

  closed(): void {
    this.gone();
    this.released();
  }
}
