import type { Duplex } from "node:stream";
import type { Address } from "@ws/events";

/** The other end of a connection, and how it speaks to us. */
export interface Peer {
  readonly client: Address | null;
  /** Whether it speaks TLS; `undefined` where that is unknown, because a proxy may have ended the TLS. */
  readonly isSecure: boolean | undefined;
  /** The host that the client asked for, where a trusted proxy says it. */
  readonly host?: string | undefined;
  /** Whether it is connected by a unix socket or in memory, where nobody has an address. */
  readonly isLocal: boolean;
  /** Whether it is a proxy that did not say for whom it passes the bytes on. */
  readonly isAnonymous: boolean;
}

/** A socket's own account of its two ends. A socket in memory or on a unix path has none. */
export type Endpoints = Duplex & {
  readonly remoteAddress?: string | undefined;
  readonly remotePort?: number | undefined;
  readonly localAddress?: string | undefined;
  readonly localPort?: number | undefined;
  readonly encrypted?: boolean | undefined;
};

/** The client that a PROXY protocol header named for a socket; `null` where the header named nobody. */
const announced: WeakMap<Duplex, Address | null> = new WeakMap();

/** Stores the client that the PROXY protocol named for this socket. */
export function announce(socket: Duplex, client: Address | null): void {
  announced.set(socket, client);
}

/** Whether a PROXY protocol header has already been read from this socket. */
export function isAnnounced(socket: Duplex): boolean {
  return announced.has(socket);
}

/** Copies what was stored for a socket to a stream that is built on it, such as TLS. */
export function passOnAnnouncement(socket: Duplex, stream: Duplex): void {
  const named = announced.get(socket);
  if (named !== undefined) announced.set(stream, named);
}

export function addressOf(host: string | undefined, port: number | undefined): Address | null {
  return host === undefined || port === undefined ? null : { host, port };
}

/** The peer as the PROXY protocol named it, otherwise as the socket has it. */
export function peerOf(socket: Endpoints): Peer {
  const named = announced.get(socket);
  return {
    client: named ?? addressOf(socket.remoteAddress, socket.remotePort),
    isSecure: socket.encrypted === true ? true : undefined,
    // A TCP socket that was reset has lost its remote address. It still has its local one, unless it was destroyed as well.
    isLocal:
      !named && socket.remoteAddress === undefined && socket.localAddress === undefined && !socket.destroyed,
    isAnonymous: named === null,
  };
}
