import type { Server as HttpServer } from "node:http";
import type { Socket } from "node:net";
import type { Logger } from "../session/logger.js";
import type { Clock } from "../session/timing/clock.js";

/** How often the log says that sockets were turned away, in ms. */
const logInterval = 60_000;

/**
 * Knows a socket by its two ends: under TLS, Node shows us another object for the requests than for the connection.
 * One on a unix path has no such name.
 */
export function nameOf({ remoteAddress, remotePort, localAddress, localPort }: Socket): string | undefined {
  return remotePort === undefined ? undefined : `${remoteAddress} ${remotePort} ${localAddress} ${localPort}`;
}

/**
 * The sockets of a server, and which of them are idle: no head has come yet, or none after the last response. Where
 * there are nearly as many as may be, the one that has been idle longest is closed, so that the next one finds room:
 * sockets that say nothing are not to keep out those that do.
 */
export class SocketRegistry {
  readonly #most: number;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #open: Set<Socket> = new Set();
  /** In the order in which they became idle. */
  readonly #idle: Set<Socket> = new Set();
  /** Under TLS: the connection's own socket, and what it is known by. */
  readonly #named: Map<string, Socket> = new Map();
  readonly #names: Map<Socket, string> = new Map();
  /** One for all sockets, which each would otherwise keep for itself. */
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

  /** Whether there is room for one more; Node itself asks only of the sockets that the server accepts. */
  get hasRoom(): boolean {
    return this.#open.size < this.#most;
  }

  /** A head has come. */
  setBusy(socket: Socket): void {
    this.#idle.delete(this.#connectionOf(socket));
  }

  /** All that came is answered. */
  setIdle(socket: Socket): void {
    const connection = this.#connectionOf(socket);
    if (this.#open.has(connection)) this.#idle.add(connection);
  }

  #connectionOf(socket: Socket): Socket {
    if (this.#named.size === 0) return socket;
    return this.#named.get(String(nameOf(socket))) ?? socket;
  }

  #opened(socket: Socket, isSecure: boolean): void {
    // One that is given back to its server after an upgrade was declined.
    if (this.#open.has(socket)) return;
    const name = isSecure ? nameOf(socket) : undefined;
    // One that can't be known again is never taken for idle.
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

  /** The newest is left: its head may be on its way. */
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
