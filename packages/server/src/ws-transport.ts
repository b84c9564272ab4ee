import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { CloseCode, type HeaderList, lostConnection, type WebSocketSendEvent } from "@ws/events";
import { type RawData, type Server, type ServerOptions, WebSocket, WebSocketServer } from "ws";
import { encodeFrame } from "./frame.js";
import type { ConnectionOptions } from "./options.js";
import { Outbox } from "./outbox.js";
import type { PendingSocket } from "./pending-socket.js";
import type { Transport, TransportListener } from "./transport.js";

/** How many chunks of one message may be buffered: enough for 64 KiB that come byte by byte. */
const leastChunks = 65_600;

/** Every limit that `ws` knows, said explicitly, so that a new default of its changes nothing here. */
export function webSocketServerOptions(options: ConnectionOptions): ServerOptions {
  return {
    noServer: true,
    clientTracking: false,
    allowSynchronousEvents: true,
    autoPong: true,
    maxPendingAutoPongs: 60,
    maxPayload: options.maxPayload,
    maxFragments: options.maxFragments,
    maxBufferedChunks: Math.max(leastChunks, Math.ceil(options.maxPayload / 64)),
    closeTimeout: options.closeTimeout,
    perMessageDeflate: options.perMessageDeflate,
    skipUTF8Validation: false,
  } as ServerOptions;
}

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
  readonly #upgrader: Upgrader;
  readonly #request: IncomingMessage;
  readonly #pending: PendingSocket;
  readonly #socket: Duplex & { readonly bytesRead?: number };
  #listener!: TransportListener;
  #webSocket!: Socket;
  #outbox!: Outbox;
  /** Bytes counted by us, where the socket doesn't count them itself. */
  #counted = 0;
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
    return this.#socket.bytesRead ?? this.#pending.received + this.#counted;
  }

  get buffered(): number {
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
    this.#open(webSocket);
    return true;
  }

  #open(webSocket: Socket): void {
    const socket = this.#socket;
    webSocket.transport = this;
    this.#webSocket = webSocket;
    this.#isOpen = true;
    this.#outbox = new Outbox(socket, () => this.#listener.drained());
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
    if (!this.#compresses) this.#outbox.push(encodeFrame(event));
    else this.#webSocket.send(event.text ?? event.bytes, () => this.#listener.drained());
  }

  ping(): void {
    this.#outbox.flush();
    this.#webSocket.ping();
  }

  close(code: number, reason: string): void {
    this.#outbox.flush();
    this.#webSocket.close(code, reason);
  }

  pause(): void {
    this.#webSocket.pause();
  }

  resume(): void {
    this.#webSocket.resume();
  }

  terminate(): void {
    this.#socket.destroy();
  }

  message(data: Buffer, isText: boolean): void {
    this.#listener.message(data, isText);
  }

  /** The peer's close frame came; what was sent before goes out before the answer to it. */
  peerClosed(code: number, reason: string): void {
    this.#outbox.flush();
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
