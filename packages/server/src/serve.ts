import type { Server as HttpServer } from "node:http";
import { Server as HttpsServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import type { SecureContextOptions } from "node:tls";
import type { Application } from "@ws/events";
import { Gateway } from "./gateway/gateway.js";
import { HandshakeReader } from "./listening/handshake-reader.js";
import { openDoor } from "./listening/http-door.js";
import { createHttpServer, listen, readsHandshakes, silenceBefore } from "./listening/http-server.js";
import { ProxyProtocol } from "./listening/proxy-protocol.js";
import { type Closing, resolveClosing } from "./options/closing.js";
import type { ListenOptions } from "./options/listen-options.js";
import type { CloseOptions, ResolvedOptions, ServeOptions } from "./options/options.js";
import { otherOptions, resolveListen } from "./options/resolve-listen.js";
import { resolveOptions } from "./options/resolve-options.js";
import { systemClock } from "./platform/system-clock.js";
import { TrustedProxies } from "./proxies/proxy.js";

/** A server that listens, or that is given its sockets. */
export interface Server {
  /** Its address, such as `http://127.0.0.1:8000`; `unix:` and the path on a unix socket; empty where it does not listen. */
  readonly url: string;
  readonly address: AddressInfo | string;
  /** How many WebSocket connections are open. */
  readonly connections: number;
  /**
   * Stops listening, tells the applications (`draining`), answers pending handshakes with 503, closes connections with 1012,
   * destroys what is left after the grace, and ends the lifespan. A second call returns the promise of the first one. For an
   * option out of range it rejects with a TypeError, and closes nothing.
   */
  close(options?: CloseOptions): Promise<void>;
  /**
   * Changes the certificate, for example to a renewed one, for the connections that come from now on; open connections keep
   * the old one. It takes the same `key`, `cert`, `ca` … as `tls`, and all of them have to be given again.
   *
   * @throws {TypeError} for a server without `tls`.
   * @throws Node's own error for an invalid key or certificate; then the old one stays.
   */
  setSecureContext(options: SecureContextOptions): void;
  /**
   * Serves a socket that somebody else has accepted, such as a parent process that passes it on. It must be given in the
   * same turn of the event loop in which it came, so that no byte is read before. A server that is closing, or that has
   * `maxSockets` already, destroys it.
   */
  accept(socket: Socket): void;
  [Symbol.asyncDispose](): Promise<void>;
}

function urlOf(address: AddressInfo | string, scheme: string): string {
  if (typeof address === "string") return address === "" ? "" : `unix:${address}`;
  const everywhere = address.address === "::" || address.address === "0.0.0.0";
  const host = address.family === "IPv6" ? `[${address.address}]` : address.address;
  return `${scheme}://${everywhere ? "localhost" : host}:${address.port}`;
}

/** Adds the reading of the PROXY protocol to the server. */
function readProxyHeaders(
  httpServer: HttpServer,
  { headersTimeout }: ListenOptions,
  { trustedProxies, logger }: ResolvedOptions,
): ProxyProtocol {
  const proxies = new TrustedProxies(trustedProxies);
  return new ProxyProtocol(httpServer, { proxies, timeout: headersTimeout, clock: systemClock, logger });
}

/** Reads the handshakes themselves in front of the server, where that is asked for and there is nothing else in front. */
function readHandshakes(
  httpServer: HttpServer,
  gateway: Gateway,
  options: ListenOptions,
): HandshakeReader | undefined {
  if (!readsHandshakes(options)) return undefined;
  return new HandshakeReader(httpServer, silenceBefore(options), systemClock, (request, socket, head) =>
    gateway.inTurn(request, socket, head, (early) => gateway.upgrade(request, socket, early)),
  );
}

/**
 * Runs an application: first its lifespan's start-up, then it listens.
 *
 * @throws {TypeError} for an option out of range, and `NotAnApplication` for a value that is no application.
 * @throws {StartupError} where the start-up fails; then nothing listens.
 * @throws Node's own error (`EADDRINUSE` …) where it cannot listen; then the lifespan has been shut down.
 */
export async function serve(application: Application, options: ServeOptions = {}): Promise<Server> {
  const place = resolveListen(options);
  const resolved = resolveOptions(otherOptions(options));
  if (place.proxyProtocol && resolved.trustedProxies.length === 0) {
    throw new TypeError("options.proxyProtocol: expected trustedProxies beside it, or nobody could connect");
  }
  const gateway = new Gateway(application, resolved);
  await gateway.startup("serve");
  const httpServer = createHttpServer(place);
  // This must be the first listener: node:cluster closes the servers of a worker by itself, and its own listener throws
  // where its channel is gone.
  const closed = new Promise<void>((resolve) => httpServer.once("close", resolve));
  const front = place.proxyProtocol ? readProxyHeaders(httpServer, place, resolved) : undefined;
  const handshakes = readHandshakes(httpServer, gateway, place);
  const accept = openDoor(httpServer, gateway, place, resolved.logger);
  const address = await listen(httpServer, place).catch(async (error: unknown) => {
    await gateway.close(resolveClosing({ grace: 0 }));
    throw error;
  });
  // An error such as EMFILE while accepting does not stop the server.
  httpServer.on("error", (error) => resolved.logger.error("the server failed", { error }));
  let closing: Promise<void> | undefined;
  const close = async (options: Closing): Promise<void> => {
    httpServer.close();
    front?.close();
    handshakes?.close();
    await gateway.close(options);
    httpServer.closeAllConnections();
    await closed;
  };
  const server: Server = {
    url: urlOf(address, place.tls === undefined ? "http" : "https"),
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
    setSecureContext(context) {
      if (!(httpServer instanceof HttpsServer)) {
        throw new TypeError("setSecureContext: expected a server with options.tls, got one without TLS");
      }
      httpServer.setSecureContext(context);
    },
    accept(socket) {
      if (closing === undefined) accept(socket);
      else socket.destroy();
    },
    [Symbol.asyncDispose]: () => server.close(),
  };
  return server;
}
