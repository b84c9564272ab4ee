import type { Duplex } from "node:stream";

/** Is told what happens on a socket. */
export interface SocketOwner {
  data(chunk: Buffer): void;
  /** The peer has ended its side of the stream. */
  ended(): void;
  closed(): void;
}

const owner = Symbol("owner");

/**
 * A socket that refers to its owner, so that the listeners are the same functions for all sockets. Otherwise each connection
 * would need three functions of its own.
 */
interface OwnedSocket {
  [owner]: SocketOwner;
}

function onData(this: OwnedSocket, chunk: Buffer): void {
  this[owner].data(chunk);
}

function onEnd(this: OwnedSocket): void {
  this[owner].ended();
}

function onClose(this: OwnedSocket): void {
  this[owner].closed();
}

/** Makes `to` be told what happens on the socket. An error is ignored here, because the close follows it. */
export function listenTo(socket: Duplex, to: SocketOwner): void {
  (socket as Duplex & OwnedSocket)[owner] = to;
  socket.on("data", onData);
  socket.on("end", onEnd);
  socket.on("close", onClose);
}
