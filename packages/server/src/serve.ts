import { once } from "node:events";
import { createServer, type Server as HttpServer, type ServerOptions } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { Application } from "@ws/events";
import { type Closing, resolveClosing } from "./closing.js";
import { Gateway } from "./gateway.js";
import {
  type CloseOptions,
  type ListenOptions,
  resolveListen,
  resolveOptions,
  type ServeOptions,
} from "./options.js";

/** A server that listens. */
export interface Server {
  /** Where to find it, as `http://127.0.0.1:8000`; `unix:` and the path on a unix socket. */
  readonly url: string;
  readonly address: AddressInfo | string;
  /** How many WebSocket connections are open. */
  readonly connections: number;
  /**
   * Stops listening, tells the applications (`draining`), answers pending handshakes with 503, closes connections with
   * 1012, destroys after the grace what is left, and ends the lifespan. A second call gives the first one's promise.
   * Rejects with a TypeError for an option out of range, and closes nothing then.
   */
  close(options?: CloseOptions): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Node's server with every limit said: the longest head in bytes; and how long it may take, looked at often enough. */
function createHttpServer({ headersTimeout, tls }: ListenOptions): HttpServer {
  const limits: ServerOptions = {
    headersTimeout,
    connectionsCheckingInterval: Math.min(1_000, headersTimeout),
    maxHeaderSize: 16_384,
  };
  if (tls === undefined) return createServer(limits);
  // Until TLS is agreed on, that is all that bounds a silent client.
  return createTlsServer({ ...limits, handshakeTimeout: headersTimeout, ...tls });
}

async function listen(
  httpServer: HttpServer,
  { host, port, path }: ListenOptions,
): Promise<AddressInfo | string> {
  httpServer.listen(path === undefined ? { host, port } : { path });
  // Rejects with the `error` event of a port in use.
  await once(httpServer, "listening");
  return httpServer.address() as AddressInfo | string;
}

function urlOf(address: AddressInfo | string, scheme: string): string {
  if (typeof address === "string") return `unix:${address}`;
  const everywhere = address.address === "::" || address.address === "0.0.0.0";
  const host = address.family === "IPv6" ? `[${address.address}]` : address.address;
  return `${scheme}://${everywhere ? "localhost" : host}:${address.port}`;
}

/**
 * Runs an application: its lifespan's start-up first, then it listens.
 *
 * @throws {TypeError} for an option out of range.
 * @throws {StartupError} where the start-up fails; nothing listens then.
 * @throws Node's own error (`EADDRINUSE` …) where it can't listen; the lifespan has ended then.
 */
export async function serve(application: Application, options: ServeOptions = {}): Promise<Server> {
  const { host, port, path, tls, headersTimeout, ...rest } = options;
  const place = resolveListen({ host, port, path, tls, headersTimeout });
  const resolved = resolveOptions(rest);
  const gateway = new Gateway(application, resolved);
  await gateway.startup();
  const httpServer = createHttpServer(place);
  httpServer.on("upgrade", (request, socket, head) => gateway.upgrade(request, socket, head));
  // No proxy, and no WebSocket over HTTP/2 (RFC 8441), whose handshake is a CONNECT.
  httpServer.on("connect", (_request, socket, head) => gateway.refuse(socket, head, 405));
  httpServer.on("request", (request, response) => gateway.request(request, response));
  const address = await listen(httpServer, place).catch(async (error: unknown) => {
    await gateway.close(resolveClosing({ grace: 0 }));
    throw error;
  });
  // Such as EMFILE while accepting: the server goes on.
  httpServer.on("error", (error) => resolved.logger.error("the server failed", { error }));
  let closing: Promise<void> | undefined;
  const close = async (options: Closing): Promise<void> => {
    const closed = once(httpServer, "close");
    httpServer.close();
    await gateway.close(options);
    httpServer.closeAllConnections();
    await closed;
  };
  const server: Server = {
    url: urlOf(address, tls === undefined ? "http" : "https"),
    address,
    get connections() {
      return gateway.connections;
    },
    close(closeOptions) {
      try {
        closing ??= close(resolveClosing(closeOptions));
        return closing;
      } catch (error) {
        return Promise.reject(error);
      }
    },
    [Symbol.asyncDispose]: () => server.close(),
  };
  return server;
}
