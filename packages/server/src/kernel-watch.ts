import type { Socket } from "node:net";
import type { Duplex } from "node:stream";

/** After how much silence the kernel asks for the peer, in ms; ten questions in ten seconds without an answer, and it is lost. */
const idle = 10_000;
const nothing = new Uint8Array();

/** Lets the kernel ask for a peer that we don't read from; in-memory sockets have none. TCP keep-alive, RFC 9293 §3.8.4. */
export function watch(socket: Duplex & Partial<Pick<Socket, "setKeepAlive">>): void {
  socket.setKeepAlive?.(true, idle);
}

/** A write of nothing sends nothing, and fails where the kernel has lost the peer. */
export function probe(socket: Duplex): void {
  socket.write(nothing);
}
