import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { buffer } from "node:stream/consumers";
import type { WebSocketConstructor } from "@ws/client";
import { type ClientOptions, WebSocket } from "ws";
import type { Client, ClientListener, HandshakeOptions } from "../transports/client.js";
import { HandshakeRejected } from "./handshake-rejected.js";

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
 * Connects with the client of `ws` over a socket that the caller gives.
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
    // Node's http accepts any Duplex as a connection, although the type of `createConnection` does not say so.
    const webSocket = new WebSocket(url, [...subprotocols], clientOptions as unknown as ClientOptions);
    webSocket.on("message", (data, isBinary) => {
      const bytes = data as Buffer;
      listener.message(isBinary ? new Uint8Array(bytes) : bytes.toString("utf8"));
    });
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

/**
 * A class of WebSockets with the DOM's interface. `address` decides where they connect to, and `dial` opens their sockets.
 */
export function webSocketOver(address: (url: string | URL) => URL, dial: () => Duplex): WebSocketConstructor {
  return class extends WebSocket {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(address(url), protocols, { createConnection: dial } as unknown as ClientOptions);
    }
  };
}
