import type { Server as HttpServer } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Address } from "@ws/events";
import { announce, isAnnounced, peerOf } from "../proxies/peer.js";
import type { TrustedProxies } from "../proxies/proxy.js";
import { readProxyHeader } from "../proxies/proxy-header.js";
import type { Logger } from "../session/logger.js";
import type { Clock } from "../session/timing/clock.js";
import { nameOf } from "./socket-registry.js";

/** What reading the PROXY protocol needs of its server. */
export interface ProxyProtocolParts {
  /** The proxies that may speak the protocol. Anybody else who connects is cut off. */
  readonly proxies: TrustedProxies;
  /** How long the header may take from the first moment of the connection, in ms. */
  readonly timeout: number;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Reads the PROXY protocol header of each connection before the HTTP server or its TLS sees a byte of it. The HTTP server
 * itself listens, because Node applies the time-outs only in a server that listens; what Node does with a new connection is
 * delayed until the header has been read.
 */
export class ProxyProtocol {
  readonly #parts: ProxyProtocolParts;
  readonly #waiting: Set<Socket> = new Set();
  /**
   * The clients that the headers named, by the two ends of the sockets: under TLS, Node shows another object for the same
   * connection.
   */
  readonly #named: Map<string, Address | null> = new Map();
  #hasWarned = false;

  /** It must be made before anybody else listens to the connections of the server. */
  constructor(httpServer: HttpServer, parts: ProxyProtocolParts) {
    this.#parts = parts;
    const ofNode = httpServer.listeners("connection");
    httpServer.removeAllListeners("connection");
    httpServer.on("connection", (socket: Socket) => {
      const handOn = (): void => {
        for (const listener of ofNode) listener.call(httpServer, socket);
      };
      // A socket comes back to its server when its request asked for a protocol that nobody speaks; then it has no second
      // header.
      if (isAnnounced(socket)) handOn();
      else this.#take(socket, handOn);
    });
    httpServer.prependListener("secureConnection", (socket: Socket) => this.#secured(socket));
  }

  /** Cuts off the connections whose header has not come. */
  close(): void {
    for (const socket of this.#waiting) socket.destroy();
  }

  #take(socket: Socket, handOn: () => void): void {
    // This listener stays for the socket's whole life, because without one a reset would end the process.
    socket.on("error", ignore);
    const { proxies, timeout, clock } = this.#parts;
    if (!proxies.trusts(peerOf(socket))) return this.#refuse(socket, "a peer that is not in trustedProxies");
    this.#waiting.add(socket);
    let bytes: Buffer = Buffer.alloc(0);
    const timer = clock.setTimeout(() => this.#refuse(socket, "no header in time"), timeout);
    const stop = (): void => {
      clock.clearTimeout(timer);
      this.#waiting.delete(socket);
      socket.off("readable", onReadable);
      socket.off("end", onEnd);
      socket.off("close", stop);
    };
    const onEnd = (): void => this.#refuse(socket, "no header before the end");
    const onReadable = (): void => {
      for (let chunk = read(socket); chunk !== null; chunk = read(socket))
        bytes = Buffer.concat([bytes, chunk]);
      const header = readProxyHeader(bytes);
      if (header === "incomplete") return;
      stop();
      if (header === "malformed") return this.#refuse(socket, "a malformed header, or none");
      this.#announce(socket, header.client);
      const rest = bytes.subarray(header.length);
      if (rest.length > 0) socket.unshift(rest);
      handOn();
    };
    socket.on("readable", onReadable);
    socket.on("end", onEnd);
    socket.on("close", stop);
  }

  #announce(socket: Socket, client: Address | null): void {
    announce(socket, client);
    const name = nameOf(socket);
    if (name === undefined) return;
    this.#named.set(name, client);
    socket.once("close", () => this.#named.delete(name));
  }

  /**
   * A TLS socket that was reset has lost its addresses and cannot be matched. It is destroyed, because it would pass for the
   * proxy itself.
   */
  #secured(socket: Duplex): void {
    const client = this.#named.get(String(nameOf(socket as Socket)));
    if (client === undefined) socket.destroy();
    else announce(socket, client);
  }

  /** The first refusal is a warning, because the configuration may be wrong. Further ones could fill the log. */
  #refuse(socket: Socket, reason: string): void {
    const level = this.#hasWarned ? "debug" : "warn";
    this.#hasWarned = true;
    this.#parts.logger[level]("a connection was cut off by the PROXY protocol", { reason });
    socket.destroy();
  }
}

function read(socket: Socket): Buffer | null {
  return socket.read() as Buffer | null;
}

function ignore(): void {}
