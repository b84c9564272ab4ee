import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { buffer } from "node:stream/consumers";
import type { WebSocketConstructor } from "@ws/client";
import { type ClientOptions, WebSocket } from "ws";
import { HandshakeRejected } from "./handshake-rejected.js";

/** What a client says in its handshake. */
export interface HandshakeOptions {
  /** Headers of the request, beside those of the handshake itself. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** What the client offers, in its order. */
  readonly subprotocols?: readonly string[] | undefined;
  /** Cookies by name; they are percent-encoded. */
  readonly cookies?: Readonly<Record<string, string>> | undefined;
  /** The page's origin, as a browser sends it; none by default. */
  readonly origin?: string | undefined;
  /** Whether compression is offered; `false` by default. */
  readonly perMessageDeflate?: boolean | undefined;
}

/** What a client tells. */
export interface ClientListener {
  message(data: Buffer, isBinary: boolean): void;
  ended(code: number, reason: string): void;
}

/** A client whose handshake was accepted. */
export interface Client {
  /** `""` where none was selected. */
  readonly subprotocol: string;
  readonly headers: Headers;
  /** Resolves when the socket has taken the message. */
  send(data: string | Uint8Array): Promise<void>;
  close(code?: number, reason?: string): void;
  pause(): void;
  resume(): void;
  /** Destroys the socket, as a crash would. */
  terminate(): void;
  /** Puts bytes on the wire, past the protocol. */
  write(bytes: Uint8Array): void;
}

function requestHeaders({ headers = {}, cookies = {} }: HandshakeOptions): Record<string, string> {
  const pairs = Object.entries(cookies).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return pairs.length === 0 ? { ...headers } : { ...headers, cookie: pairs.join("; ") };
}

function readHeaders({ rawHeaders }: IncomingMessage): Headers {
  const headers = new Headers();
  for (let index = 1; index < rawHeaders.length; index += 2) {
    headers.append(String(rawHeaders[index - 1]), String(rawHeaders[index]));
  }
  return headers;
}

function wrap(webSocket: WebSocket, response: IncomingMessage, socket: Duplex): Client {
  return {
    subprotocol: webSocket.protocol,
    headers: readHeaders(response),
    send: (data) =>
      new Promise((resolve, reject) => {
        webSocket.send(data, (error) => (error ? reject(error) : resolve()));
      }),
    close: (code, reason) => webSocket.close(code, reason),
    pause: () => webSocket.pause(),
    resume: () => webSocket.resume(),
    terminate: () => socket.destroy(),
    write: (bytes) => {
      socket.write(bytes);
    },
  };
}

/**
 * Connects with the client of `ws` over a socket of the caller's.
 *
 * @throws {HandshakeRejected} for any answer but 101.
 */
export function openClient(
  url: string,
  socket: Duplex,
  options: HandshakeOptions,
  listener: ClientListener,
): Promise<Client> {
  const { subprotocols = [], origin, perMessageDeflate = false } = options;
  const clientOptions = {
    headers: requestHeaders(options),
    perMessageDeflate,
    createConnection: () => socket,
    ...(origin !== undefined && { origin }),
  };
  return new Promise((resolve, reject) => {
    // Node's http takes any Duplex for a connection; the type of `createConnection` says less than that.
    const webSocket = new WebSocket(url, [...subprotocols], clientOptions as unknown as ClientOptions);
    webSocket.on("message", (data, isBinary) => listener.message(data as Buffer, isBinary));
    webSocket.on("close", (code, reason) => listener.ended(code, reason.toString("utf8")));
    webSocket.on("upgrade", (response) => {
      webSocket.on("open", () => resolve(wrap(webSocket, response, socket)));
    });
    webSocket.on("unexpected-response", (_request, response) => {
      const headers = readHeaders(response);
      buffer(response).then((body) => {
        socket.destroy();
        reject(new HandshakeRejected({ status: Number(response.statusCode), headers, body }));
      }, reject);
    });
    webSocket.on("error", reject);
  });
}

/** A class of WebSockets with the DOM's interface: where they lead is `address`'s to say, and what over `dial`'s. */
export function webSocketOver(address: (url: string | URL) => URL, dial: () => Duplex): WebSocketConstructor {
  return class extends WebSocket {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(address(url), protocols, { createConnection: dial } as unknown as ClientOptions);
    }
  };
}
