import type { Server as HttpServer } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Gateway } from "../gateway/gateway.js";
import { UpgradeListener } from "../gateway/upgrade-listener.js";
import { Rejection } from "../http/request/rejection.js";
import type { ListenOptions } from "../options/listen-options.js";
import { systemClock } from "../platform/system-clock.js";
import type { Logger } from "../session/logger.js";
import { descriptorLimit, socketsWithin } from "./descriptor-limit.js";
import { RequestQueue, type RequestQueueOwner } from "./request-queue.js";
import { SocketRegistry } from "./socket-registry.js";

/**
 * Passes what a server of our own receives to the gateway: upgrades at once, and the requests of a socket one at a time. It
 * returns the function that takes a socket which somebody else has accepted.
 */
export function openDoor(
  httpServer: HttpServer,
  gateway: Gateway,
  { headersTimeout, requestTimeout, maxSockets, tls }: ListenOptions,
  logger: Logger,
): (socket: Socket) => void {
  const most = maxSockets ?? socketsWithin(descriptorLimit());
  const sockets = new SocketRegistry(httpServer, most, tls !== undefined, systemClock, logger);
  const owner: RequestQueueOwner = {
    headersTimeout,
    requestTimeout,
    logger,
    waiting: 0,
    idle: (socket) => sockets.setIdle(socket),
  };
  const queues: WeakMap<Duplex, RequestQueue> = new WeakMap();
  const queueOf = (socket: Socket): RequestQueue => {
    const queue = queues.get(socket) ?? new RequestQueue(socket, owner);
    queues.set(socket, queue);
    return queue;
  };
  gateway.onHandOver = (socket) => {
    sockets.setBusy(socket as Socket);
    queues.get(socket)?.leave();
  };
  httpServer.on("request", (request, response) => {
    sockets.setBusy(request.socket);
    queueOf(request.socket).enter(request, response, () => gateway.request(request, response));
  });
  UpgradeListener.of(httpServer).add({ gateway, isOurs: () => true });
  // This server is no proxy, and does not speak WebSocket over HTTP/2 (RFC 8441), whose handshake is a CONNECT.
  httpServer.on("connect", (request, socket, head) => {
    gateway.inTurn(request, socket, head, (early) =>
      gateway.refuse(socket, early, new Rejection(405, "CONNECT")),
    );
  });
  httpServer.on("clientError", (error: NodeJS.ErrnoException, socket) => {
    queueOf(socket as Socket).failed(String(error.code));
  });
  return (socket) => {
    if (!sockets.hasRoom) {
      socket.destroy();
      httpServer.emit("drop");
      return;
    }
    // Node's own server sets this too when it accepts a socket: a client may end its half before it has the answer.
    socket.setNoDelay(true);
    socket.allowHalfOpen = true;
    httpServer.emit("connection", socket);
  };
}
