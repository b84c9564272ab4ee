import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { CloseCode, type HeaderList } from "@ws/events";
import { type RawData, type Server, WebSocket, WebSocketServer } from "ws";
import { Deflate } from "./deflate.js";
import type { ConnectionOptions } from "./options.js";
import { webSocketServerOptions } from "./ws-options.js";

/** The answer to a handshake. */
interface Acceptance {
  readonly subprotocol: string | undefined;
  readonly headers: HeaderList;
}

/** Whom a socket tells. */
export interface WsSocketOwner {
  message(data: Buffer, isText: boolean): void;
  pinged(payload: Buffer): void;
  ponged(payload: Buffer): void;
  /** Sends what is pending. */
  flush(): void;
  /** The peer's close frame came. */
  peerClosed(code: number, reason: string): void;
  /** `ws` found the peer in breach of the protocol and closes with the code that says so. */
  failed(reason: string): void;
  /** The socket is closed. */
  closed(): void;
}

/** A socket of `ws` that knows its transport, so that its listeners are shared and not made anew for each. */
export class WsSocket extends WebSocket {
  #owner!: WsSocketOwner;

  get owner(): WsSocketOwner {
    return this.#owner;
  }

  /** To be called as soon as the handshake is complete. */
  listen(owner: WsSocketOwner): void {
    this.#owner = owner;
    this.on("message", onMessage);
    this.on("ping", onPing);
    this.on("pong", onPong);
    this.on("error", onError);
    this.on("close", onClose);
  }

  /** `ws` answers a close frame by calling this itself: the earliest moment at which the peer's close shows. */
  override close(code?: number, data?: string | Buffer): void {
    // What was sent before goes out before the close frame, and nothing after it.
    this.#owner.flush();
    if (typeof data !== "string" && (code === undefined || data !== undefined)) {
      this.#owner.peerClosed(code ?? CloseCode.NoStatusReceived, String(data ?? ""));
    }
    super.close(code, data);
  }
}

/** Completes handshakes; the only user of `ws`. */
export class Upgrader {
  readonly deflate: Deflate;
  readonly #server: Server<typeof WsSocket>;
  /** `ws` completes a handshake within one call, so one answer at a time is enough. */
  #acceptance: Acceptance = { subprotocol: undefined, headers: [] };

  constructor(options: ConnectionOptions) {
    this.#server = new WebSocketServer({
      ...webSocketServerOptions(options),
      WebSocket: WsSocket,
      handleProtocols: () => this.#acceptance.subprotocol ?? false,
    });
    this.deflate = new Deflate(options.perMessageDeflate);
    this.#server.on("headers", (lines: string[]) => {
      this.deflate.note(lines);
      for (const [name, value] of this.#acceptance.headers) lines.push(`${name.toLowerCase()}: ${value}`);
    });
  }

  /** The open socket; `undefined` where it could not be opened, and then it is being destroyed. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, answer: Acceptance): WsSocket | undefined {
    let opened: WsSocket | undefined;
    this.#acceptance = answer;
    // `ws` writes its head as a string: header values are latin-1, RFC 9110 §5.5. Frames are bytes.
    socket.setDefaultEncoding("latin1");
    this.#server.handleUpgrade(request, socket, head, (webSocket) => {
      opened = webSocket;
    });
    return opened;
  }
}

function onMessage(this: WebSocket, data: RawData, isBinary: boolean): void {
  // With ws's default binaryType a message is one Buffer.
  (this as WsSocket).owner.message(data as Buffer, !isBinary);
}

function onPing(this: WebSocket, payload: Buffer): void {
  (this as WsSocket).owner.pinged(payload);
}

function onPong(this: WebSocket, payload: Buffer): void {
  (this as WsSocket).owner.ponged(payload);
}

function onError(this: WebSocket, error: Error): void {
  (this as WsSocket).owner.failed(error.message);
}

function onClose(this: WebSocket): void {
  (this as WsSocket).owner.closed();
}
