import type { Duplex } from "node:stream";

/** Who is told what a socket tells. */
export interface SocketOwner {
  data(chunk: Buffer): void;
  /** The peer has ended its side. */
  ended(): void;
  closed(): void;
}

const owner = Symbol("owner");

/** A socket that carries its owner, so that one function of each kind serves all: they would be three for each connection. */
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

/** Tells `to` what the socket tells; its errors show in its close. */
export function listenTo(socket: Duplex, to: SocketOwner): void {
  (socket as Duplex & OwnedSocket)[owner] = to;
  socket.on("data", onData);
  socket.on("end", onEnd);
  socket.on("close", onClose);
}
