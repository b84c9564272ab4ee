import type { EventEmitter } from "node:events";
import type { Server as HttpServer, IncomingMessage } from "node:http";
import type { Http2SecureServer } from "node:http2";
import type { Duplex } from "node:stream";
import { Rejection } from "../http/request/rejection.js";
import { asksForWebSocket } from "../http/request/upgrade-protocol.js";
import { systemClock } from "../platform/system-clock.js";
import type { Gateway } from "./gateway.js";
import { hasResponsesDue, watchResponses } from "./upgrade/pipeline.js";
import { isHeadWhole, replay, rewind } from "./upgrade/replay.js";

/** A server of Node that speaks HTTP/1.1: of `node:http`, of `node:https`, or of `node:http2` with `allowHTTP1`. */
export type UpgradeServer = HttpServer | Http2SecureServer;

/** An application that shares a server, and the test of which upgrades it wants. */
export interface UpgradeOwner {
  readonly gateway: Gateway;
  /** Whether it wants the WebSockets of this percent-encoded path. */
  isOurs(path: string): boolean;
}

/** How long the listeners of others may take to use a socket that none of our applications wants, in ms. */
const patience = { webSocket: 750, other: 250 } as const;

const clock = systemClock;
const listeners: WeakMap<UpgradeServer, UpgradeListener> = new WeakMap();

/** The one listener to `upgrade` that all applications of a server share. It decides which of them gets the socket. */
export class UpgradeListener {
  readonly #server: UpgradeServer;
  readonly #events: EventEmitter;
  readonly #owners: Set<UpgradeOwner> = new Set();
  /** How many bytes each socket had sent when its upgrade came. A socket that still owes a response has no entry. */
  readonly #written: WeakMap<Duplex, number> = new WeakMap();
  /** Functions that decide at once about the sockets that are left to other listeners for now. */
  readonly #undecided: Set<() => void> = new Set();

  constructor(server: UpgradeServer) {
    this.#server = server;
    this.#events = server;
  }

  static of(server: UpgradeServer): UpgradeListener {
    const listener = listeners.get(server) ?? new UpgradeListener(server);
    listeners.set(server, listener);
    return listener;
  }

  add(owner: UpgradeOwner): void {
    if (this.#owners.size === 0) {
      watchResponses(this.#server);
      this.#events.prependListener("upgrade", this.#beforeOthers);
      this.#events.on("upgrade", this.#onUpgrade);
    }
    this.#owners.add(owner);
  }

  remove(owner: UpgradeOwner): void {
    if (!this.#owners.has(owner)) return;
    if (this.#owners.size === 1) for (const decide of this.#undecided) decide();
    this.#owners.delete(owner);
    if (this.#owners.size > 0) return;
    this.#events.off("upgrade", this.#beforeOthers);
    this.#events.off("upgrade", this.#onUpgrade);
  }

  readonly #beforeOthers = (request: IncomingMessage, socket: Duplex): void => {
    // Where nobody else listens, nobody else can be using the socket.
    if (this.#events.listenerCount("upgrade") === 2) return;
    if (hasResponsesDue(request.socket)) this.#written.delete(socket);
    else this.#written.set(socket, request.socket.bytesWritten);
  };

  readonly #onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    const [path = ""] = String(request.url).split("?", 1);
    const owners = asksForWebSocket(request) ? [...this.#owners].filter(({ isOurs }) => isOurs(path)) : [];
    const [first] = owners;
    if (first !== undefined) {
      first.gateway.inTurn(request, socket, head, (early) => {
        for (const { gateway } of owners) gateway.upgrade(request, socket, early);
      });
    } else if (this.#hasOthers()) this.#leaveToOthers(request, socket, head);
    else this.#answer(request, socket, head);
  };

  #hasOthers(): boolean {
    const ours: readonly unknown[] = [this.#beforeOthers, this.#onUpgrade];
    return this.#events.listeners("upgrade").some((listener) => !ours.includes(listener));
  }

  #leaveToOthers(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    // Nobody else may be listening to errors, and a reset would end the process.
    socket.on("error", ignore);
    const decide = (): void => {
      clock.clearTimeout(timer);
      this.#undecided.delete(decide);
      if (this.#isTaken(request, socket)) return;
      this.#answer(request, socket, head);
      socket.off("error", ignore);
    };
    const timer = clock.setTimeout(decide, patience[asksForWebSocket(request) ? "webSocket" : "other"]);
    this.#undecided.add(decide);
  }

  /**
   * Whether somebody has begun to use the socket: something was written to it, it is being read, or it has ended. A listener
   * to its errors or its close alone does not count, because code that ignores the upgrade may have added one as well.
   */
  #isTaken({ socket: { bytesWritten } }: IncomingMessage, socket: Duplex): boolean {
    if (socket.readableFlowing !== null || !socket.writable) return true;
    return bytesWritten !== (this.#written.get(socket) ?? bytesWritten);
  }

  /**
   * Answers an upgrade that nobody takes: with 404 where it asks for a WebSocket, otherwise as the ordinary request that it
   * is.
   */
  #answer(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const [{ gateway }] = this.#owners as unknown as readonly [UpgradeOwner];
    const { maxHeadersCount } = this.#server as HttpServer;
    const refuse = (status: number, reason: string): void => {
      const answer = (early: Buffer): void => gateway.refuse(socket, early, new Rejection(status, reason));
      gateway.inTurn(request, socket, head, answer);
    };
    if (asksForWebSocket(request)) return refuse(404, "upgrade that nobody takes");
    if (!isHeadWhole(request, maxHeadersCount)) return refuse(431, "too many header lines");
    const { stream, lead, rest } = rewind(request, socket, head, this.#hasOthers());
    gateway.inTurn(request, stream, rest, (early) => replay(this.#events, stream, [lead, early]));
  }
}

function ignore(): void {}
