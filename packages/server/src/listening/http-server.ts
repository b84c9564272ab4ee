import { once } from "node:events";
import { createServer, type Server as HttpServer, type ServerOptions } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { ListenOptions } from "../options/listen-options.js";

/** Whether opening handshakes are read in front of Node's server. */
export function readsHandshakes({ directHandshakes, proxyProtocol, tls }: ListenOptions): boolean {
  return directHandshakes && !proxyProtocol && tls === undefined;
}

/** How late a slow head may be noticed, in ms. */
function mostLate({ headersTimeout }: ListenOptions): number {
  return Math.min(1_000, headersTimeout);
}

/** How much of that a connection that says nothing may spend before it is Node's, in ms; so much more often Node looks. */
export function silenceBefore(options: ListenOptions): number {
  return readsHandshakes(options) ? Math.ceil(mostLate(options) / 4) : 0;
}

/**
 * Makes Node's server with every limit set explicitly: the longest head in bytes, and the time-outs, which are checked often
 * enough.
 */
export function createHttpServer(options: ListenOptions): HttpServer {
  const { headersTimeout, requestTimeout, keepAliveTimeout, tls } = options;
  const limits: ServerOptions = {
    headersTimeout,
    requestTimeout,
    keepAliveTimeout,
    connectionsCheckingInterval: Math.max(1, mostLate(options) - silenceBefore(options)),
    maxHeaderSize: 16_384,
  };
  if (tls === undefined) return createServer(limits);
  // Until TLS is agreed on, this is the only time-out for a silent client.
  return createTlsServer({ ...limits, handshakeTimeout: headersTimeout, ...tls });
}

/**
 * Listens where the options say, and returns the address, which is empty where they say not to listen.
 *
 * @throws Node's own error (`EADDRINUSE`, `EINVAL` for a descriptor that does not listen …).
 */
export async function listen(
  httpServer: HttpServer,
  { host, port, path, fd, backlog, listen: isListening }: ListenOptions,
): Promise<AddressInfo | string> {
  if (!isListening) {
    // Node begins to check for slow heads and requests at this event.
    httpServer.emit("listening");
    return "";
  }
  const place = fd === undefined ? (path === undefined ? { host, port } : { path }) : { fd };
  httpServer.listen({ ...place, backlog });
  // This rejects with the `error` event of a port that is in use.
  await once(httpServer, "listening");
  return httpServer.address() as AddressInfo | string;
}
