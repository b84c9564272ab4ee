import type { Server as HttpServer } from "node:http";
import { Server as NetServer, type Socket } from "node:net";
import { readPlainHandshake } from "../http/request/plain-handshake.js";
import type { ReceivedRequest } from "../http/request/received-request.js";
import type { Clock, TimerHandle } from "../session/timing/clock.js";

/** Is given a handshake, its socket, and what came behind its head. */
export type OnHandshake = (request: ReceivedRequest, socket: Socket, head: Buffer) => void;

/**
 * Reads opening handshakes in front of Node's HTTP server, which has more to do for a request than a handshake needs. It
 * takes one whose head is whole in the first bytes of its connection and beyond doubt. Every other connection is given to
 * Node's server with those bytes put back, and one that says nothing is after a moment, so that Node's limits and
 * time-outs hold for it.
 */
export class HandshakeReader {
  readonly #silence: number;
  readonly #clock: Clock;
  readonly #giveToNode: (socket: Socket) => void;
  /** Connections that have said nothing yet: those that came since the timer was set, and those that came before. */
  #recent: Set<Socket> = new Set();
  #silent: Set<Socket> = new Set();
  #timer: TimerHandle | undefined;
  #isClosed = false;
  // One function of each kind for all sockets.
  readonly #onData: (this: Socket, chunk: Buffer) => void;
  readonly #onEnd: (this: Socket) => void;

  /**
   * To be made before anybody else listens to the server's connections. `silence` is after how many ms at most a
   * connection that says nothing is given to Node.
   */
  constructor(httpServer: HttpServer, silence: number, clock: Clock, onHandshake: OnHandshake) {
    this.#silence = silence;
    this.#clock = clock;
    const ofNode = httpServer.listeners("connection");
    this.#giveToNode = (socket) => {
      for (const listener of ofNode) listener.call(httpServer, socket);
    };
    const data = (socket: Socket, chunk: Buffer): void => this.#data(socket, chunk, onHandshake);
    const ended = (socket: Socket): void => this.#ended(socket);
    this.#onData = function onData(chunk) {
      data(this, chunk);
    };
    this.#onEnd = function onEnd() {
      ended(this);
    };
    // That of Bun is no server of sockets, and reads their bytes by itself.
    if (!(httpServer instanceof NetServer)) return;
    httpServer.removeAllListeners("connection");
    httpServer.on("connection", (socket) => this.#enter(socket));
  }

  /** Gives to Node whoever has said nothing, and whoever comes from now on. */
  close(): void {
    this.#isClosed = true;
    this.#clock.clearTimeout(this.#timer);
    this.#giveAll(this.#silent);
    this.#giveAll(this.#recent);
  }

  #enter(socket: Socket): void {
    // What was put back before was read before: a request that was declined its upgrade.
    if (this.#isClosed || socket.readableLength > 0) return this.#giveToNode(socket);
    this.#recent.add(socket);
    socket.on("data", this.#onData);
    socket.on("end", this.#onEnd);
    socket.on("error", ignore);
    this.#timer ??= this.#clock.setTimeout(this.#look, this.#silence / 2);
  }

  #leave(socket: Socket): void {
    if (!this.#recent.delete(socket)) this.#silent.delete(socket);
    socket.off("data", this.#onData);
    socket.off("end", this.#onEnd);
  }

  #data(socket: Socket, chunk: Buffer, onHandshake: OnHandshake): void {
    this.#leave(socket);
    socket.off("error", ignore);
    // Whoever has it next reads on.
    socket.pause();
    const handshake = readPlainHandshake(chunk);
    if (handshake === undefined) {
      socket.unshift(chunk);
      this.#giveToNode(socket);
      socket.resume();
      return;
    }
    const { url, rawHeaders, length } = handshake;
    const request = { method: "GET", url, httpVersion: "1.1", rawHeaders, socket };
    onHandshake(request, socket, chunk.subarray(length));
  }

  /** As Node does; the listener to errors stays, for the end may fail. */
  #ended(socket: Socket): void {
    this.#leave(socket);
    socket.end();
  }

  readonly #look = (): void => {
    this.#giveAll(this.#silent);
    [this.#silent, this.#recent] = [this.#recent, this.#silent];
    this.#timer = this.#silent.size === 0 ? undefined : this.#clock.setTimeout(this.#look, this.#silence / 2);
  };

  #giveAll(sockets: Set<Socket>): void {
    for (const socket of sockets) {
      this.#leave(socket);
      // The error of one that was destroyed may still be on its way.
      if (socket.destroyed) continue;
      socket.off("error", ignore);
      this.#giveToNode(socket);
    }
  }
}

function ignore(): void {}
