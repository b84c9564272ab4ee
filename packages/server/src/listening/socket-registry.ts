import type { Server as HttpServer } from "node:http";
import type { Socket } from "node:net";
import type { Logger } from "../session/logger.js";
import type { Clock } from "../session/timing/clock.js";

/** How often the log says that sockets were turned away, in ms. */
const logInterval = 60_000;

/**
 * A name for a connection, made of its two ends: under TLS, Node shows another object for the requests than for the
 * connection. A socket on a unix path has no such name.
 */
export function nameOf({ remoteAddress, remotePort, localAddress, localPort }: Socket): string | undefined {
  return remotePort === undefined ? undefined : `${remoteAddress} ${remotePort} ${localAddress} ${localPort}`;
}

/**
 * The sockets of a server, and which of them are idle: those that have sent no head yet, or none since their last response.
 * Where the number of sockets comes near the limit, the one that has been idle longest is closed, so that there is room for
 * the next: silent sockets must not keep out active ones.
 */
export class SocketRegistry {
  readonly #most: number;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #open: Set<Socket> = new Set();
  /** The idle sockets in the order in which they became idle. */
  readonly #idle: Set<Socket> = new Set();
  /** The sockets of the connections under TLS, by their names. */
  readonly #named: Map<string, Socket> = new Map();
  readonly #names: Map<Socket, string> = new Map();
  /** One function for all sockets, so that they do not need one each. */
  readonly #onClose: (this: Socket) => void;
  #dropped = 0;
  #loggedAt = Number.NEGATIVE_INFINITY;

  constructor(httpServer: HttpServer, most: number, isSecure: boolean, clock: Clock, logger: Logger) {
    this.#most = most;
    this.#clock = clock;
    this.#logger = logger;
    const closed = (socket: Socket): void => this.#closed(socket);
    this.#onClose = function onClose(): void {
      closed(this);
    };
    if (!Number.isFinite(most)) return;
    httpServer.maxConnections = most;
    httpServer.on("connection", (socket) => this.#opened(socket, isSecure));
    httpServer.on("drop", () => this.#drop());
  }

  /** Whether there is room for one more socket. Node itself checks this only for sockets that the server accepts. */
  get hasRoom(): boolean {
    return this.#open.size < this.#most;
  }

  /** A head has come. */
  setBusy(socket: Socket): void {
    this.#idle.delete(this.#connectionOf(socket));
  }

  /** Every request that came has been answered. */
  setIdle(socket: Socket): void {
    const connection = this.#connectionOf(socket);
    if (this.#open.has(connection)) this.#idle.add(connection);
  }

  #connectionOf(socket: Socket): Socket {
    if (this.#named.size === 0) return socket;
    return this.#named.get(String(nameOf(socket))) ?? socket;
  }

  #opened(socket: Socket, isSecure: boolean): void {
    // A socket that is given back to its server after its upgrade was declined is known already.
    if (this.#open.has(socket)) return;
    const name = isSecure ? nameOf(socket) : undefined;
    // A socket that could not be matched later is never counted as idle.
    if (!isSecure || name !== undefined) this.#idle.add(socket);
    if (name !== undefined) {
      this.#named.set(name, socket);
      this.#names.set(socket, name);
    }
    this.#open.add(socket);
    socket.on("close", this.#onClose);
    if (this.#open.size >= this.#most) this.#makeRoom();
  }

  #closed(socket: Socket): void {
    this.#open.delete(socket);
    this.#idle.delete(socket);
    const name = this.#names.get(socket);
    if (name === undefined) return;
    this.#names.delete(socket);
    this.#named.delete(name);
  }

  /** The newest socket is spared, because its head may be on its way. */
  #makeRoom(): void {
    const [oldest] = this.#idle;
    if (oldest === undefined || this.#idle.size < 2) return;
    this.#open.delete(oldest);
    this.#idle.delete(oldest);
    oldest.destroy();
    this.#logger.debug("an idle socket was closed to make room", { maxSockets: this.#most });
  }

  #drop(): void {
    this.#dropped += 1;
    const now = this.#clock.now();
    if (now - this.#loggedAt < logInterval) return;
    this.#logger.warn("sockets are turned away: none of those that are open is idle", {
      maxSockets: this.#most,
      dropped: this.#dropped,
    });
    this.#dropped = 0;
    this.#loggedAt = now;
  }
}
