import type { IncomingMessage } from "node:http";
import type { Socket as NetSocket } from "node:net";
import type { Duplex } from "node:stream";
import { CloseCode, type HeaderList, lostConnection, type WebSocketSendEvent } from "@ws/events";
import { type RawData, type Server, WebSocket, WebSocketServer } from "ws";
import { ControlFrames } from "./control-frames.js";
import { encodeFrame } from "./frame.js";
import { probe, watch } from "./kernel-watch.js";
import type { ConnectionOptions } from "./options.js";
import { Outbox } from "./outbox.js";
import type { PendingSocket } from "./pending-socket.js";
import type { Transport, TransportListener } from "./transport.js";
import { webSocketServerOptions } from "./ws-options.js";

/** The answer to a handshake. */
interface Acceptance {
  readonly subprotocol: string | undefined;
  readonly headers: HeaderList;
}

/** A socket of `ws` that knows its transport, so that its listeners are shared and not made anew for each. */
class Socket extends WebSocket {
  /** Set as soon as the handshake is complete. */
  transport!: WsTransport;

  /** `ws` answers a close frame by calling this itself: the earliest moment at which the peer's close shows. */
  override close(code?: number, data?: string | Buffer): void {
    // What was sent before goes out before the close frame, and nothing after it.
    this.transport.flush();
    if (typeof data !== "string" && (code === undefined || data !== undefined)) {
      this.transport.peerClosed(code ?? CloseCode.NoStatusReceived, String(data ?? ""));
    }
    super.close(code, data);
  }
}

/** Completes handshakes; the only user of `ws`. */
export class Upgrader {
  readonly #server: Server<typeof Socket>;
  /** `ws` completes a handshake within one call, so one answer at a time is enough. */
  #acceptance: Acceptance = { subprotocol: undefined, headers: [] };

  constructor(options: ConnectionOptions) {
    this.#server = new WebSocketServer({
      ...webSocketServerOptions(options),
      WebSocket: Socket,
      handleProtocols: () => this.#acceptance.subprotocol ?? false,
    });
    this.#server.on("headers", (lines: string[]) => {
      for (const [name, value] of this.#acceptance.headers) lines.push(`${name.toLowerCase()}: ${value}`);
    });
  }

  /** The open socket; `undefined` where it could not be opened, and then it is being destroyed. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, answer: Acceptance): Socket | undefined {
    let opened: Socket | undefined;
    this.#acceptance = answer;
    // `ws` writes its head as a string: header values are latin-1, RFC 9110 §5.5. Frames are bytes.
    socket.setDefaultEncoding("latin1");
    this.#server.handleUpgrade(request, socket, head, (webSocket) => {
      opened = webSocket;
    });
    return opened;
  }
}

/**
 * A socket from its handshake to its end, on `ws`. What speaks of messages is called after a successful `accept` alone:
 * the session sees to that.
 */
export class WsTransport implements Transport {
  messages = 0;
  readonly #upgrader: Upgrader;
  readonly #request: IncomingMessage;
  readonly #pending: PendingSocket;
  readonly #socket: Duplex & Partial<Pick<NetSocket, "bytesRead" | "setKeepAlive">>;
  #listener!: TransportListener;
  #webSocket!: Socket;
  #outbox!: Outbox;
  #controls!: ControlFrames;
  /** Bytes counted by us, where the socket doesn't count them itself. */
  #counted = 0;
  /** How much came before the first frame. */
  #head = 0;
  #compresses = false;
  #isOpen = false;

  constructor(upgrader: Upgrader, request: IncomingMessage, pending: PendingSocket) {
    this.#upgrader = upgrader;
    this.#request = request;
    this.#pending = pending;
    this.#socket = pending.socket;
  }

  /** Whom to tell; to be set in the same tick. */
  set listener(listener: TransportListener) {
    this.#listener = listener;
    this.#pending.listener = {
      gone: () => listener.ended(lostConnection),
      drained: () => listener.drained(),
      released: () => listener.released(),
    };
  }

  get received(): number {
    return this.#socket.bytesRead ?? this.#counted;
  }

  get messageBytes(): number {
    return this.received - this.#head - this.#controls.bytes;
  }

  get buffered(): number {
    // It takes nothing any more and its end is about to be told: until then a send waits. One that resolved would
    // keep an application that sends one after the other from ever hearing of it.
    if (!this.#socket.writable) return Number.POSITIVE_INFINITY;
    if (!this.#isOpen) return this.#socket.writableLength;
    return this.#outbox.pending + this.#webSocket.bufferedAmount;
  }

  accept(subprotocol: string | undefined, headers: HeaderList): boolean {
    const early = this.#pending.take();
    if (early === undefined) return false;
    const socket = this.#socket;
    const webSocket = this.#upgrader.upgrade(this.#request, socket, early, { subprotocol, headers });
    if (webSocket === undefined) {
      socket.once("close", () => this.#listener.released());
      return false;
    }
    if (socket.bytesRead !== undefined) this.#head = socket.bytesRead - early.length;
    this.#open(webSocket);
    return true;
  }

  #open(webSocket: Socket): void {
    const socket = this.#socket;
    webSocket.transport = this;
    this.#webSocket = webSocket;
    this.#isOpen = true;
    this.#outbox = new Outbox(socket, () => {
      this.#controls.written();
      this.#listener.drained();
    });
    this.#controls = new ControlFrames(webSocket, this.#outbox, () => {
      this.failed("ping flood");
      this.terminate();
    });
    this.#compresses = webSocket.extensions !== "";
    webSocket.on("message", onMessage);
    webSocket.on("error", onError);
    webSocket.on("close", onClose);
    // While a message is being inflated, the end of the stream overtakes it; then only `close` is in order.
    if (!this.#compresses) socket.once("end", () => this.#listener.ended(lostConnection));
    if (socket.bytesRead === undefined) {
      socket.on("data", (chunk: Buffer) => {
        this.#counted += chunk.length;
      });
    }
    socket.resume();
  }

  refuse(status: number, headers: HeaderList): void {
    this.#pending.refuse(status, headers);
  }

  respond(status: number, headers: HeaderList): void {
    this.#pending.respond(status, headers);
  }

  respondBody(body: Uint8Array, more: boolean): void {
    this.#pending.respondBody(body, more);
  }

  send(event: WebSocketSendEvent): void {
    if (!this.#compresses) this.#outbox.push([encodeFrame(event)]);
    else this.#deflate(event.text ?? new Uint8Array(event.bytes));
  }

  /** Bytes are a copy: they are read when their turn comes, and the application may have changed its own by then. */
  #deflate(payload: string | Uint8Array): void {
    this.#webSocket.send(payload, (error) => {
      if (!error) this.#listener.drained();
    });
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

  /** The peer's close frame came. */
  peerClosed(code: number, reason: string): void {
    this.#listener.ended({ code, reason, wasClean: true, initiator: "client" });
  }

  /** `ws` found the peer in breach of the protocol and closes with the code that says so. */
  failed(reason: string): void {
    this.#listener.ended({ ...lostConnection, reason, initiator: "server" });
  }

  closed(): void {
    this.#listener.ended(lostConnection);
    this.#listener.released();
  }
}

function onMessage(this: WebSocket, data: RawData, isBinary: boolean): void {
  // With ws's default binaryType a message is one Buffer.
  (this as Socket).transport.message(data as Buffer, !isBinary);
}

function onError(this: WebSocket, error: Error): void {
  (this as Socket).transport.failed(error.message);
}

function onClose(this: WebSocket): void {
  (this as Socket).transport.closed();
}
