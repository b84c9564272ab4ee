import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { CloseCode, type HeaderList } from "@ws/events";
import { type Server, WebSocket, WebSocketServer } from "ws";
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

/** A socket of `ws` that tells one owner and has no listeners: they would be five for each connection. */
export class WsSocket extends WebSocket {
  #owner!: WsSocketOwner;

  /** To be called as soon as the handshake is complete. */
  listen(owner: WsSocketOwner): void {
    this.#owner = owner;
  }

  /** What `ws` has to tell. Whether somebody listened, it asks for no event of these. */
  override emit(event: string | symbol, first?: unknown, second?: unknown): boolean {
    switch (event) {
      case "message":
        // With ws's default binaryType a message is one Buffer.
        this.#owner.message(first as Buffer, second === false);
        break;
      case "ping":
        this.#owner.pinged(first as Buffer);
        break;
      case "pong":
        this.#owner.ponged(first as Buffer);
        break;
      case "error":
        this.#owner.failed((first as Error).message);
        break;
      case "close":
        this.#owner.closed();
        break;
    }
    return true;
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
