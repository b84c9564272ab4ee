import type { Duplex } from "node:stream";
import type { Address } from "@ws/events";

/** Who is at the other end of a connection, and how it speaks to us. */
export interface Peer {
  readonly client: Address | null;
  /** Whether it speaks TLS; `undefined` where that is not known, since a proxy may have taken the TLS away. */
  readonly isSecure: boolean | undefined;
  /** The host that the client asked for, where a trusted proxy tells one. */
  readonly host?: string | undefined;
  /** Whether it connected over a unix socket, or in memory, where nobody has an address. */
  readonly isLocal: boolean;
  /** Whether a proxy passes on the bytes of somebody whose address it did not tell. */
  readonly isAnonymous: boolean;
}

/** What a socket may tell of its two ends; one in memory or on a unix path tells nothing. */
export type Endpoints = Duplex & {
  readonly remoteAddress?: string | undefined;
  readonly remotePort?: number | undefined;
  readonly localAddress?: string | undefined;
  readonly localPort?: number | undefined;
  readonly encrypted?: boolean | undefined;
};

/** Whom a proxy named, before the first byte of the connection itself; `null` where it named nobody. */
const announced: WeakMap<Duplex, Address | null> = new WeakMap();

/** Notes whom the PROXY protocol named as the client of this socket. */
export function announce(socket: Duplex, client: Address | null): void {
  announced.set(socket, client);
}

/** Whether the PROXY protocol was read from this socket already. */
export function isAnnounced(socket: Duplex): boolean {
  return announced.has(socket);
}

/** Makes what was announced of a socket hold for a stream that stands on it. */
export function passOnAnnouncement(socket: Duplex, stream: Duplex): void {
  const named = announced.get(socket);
  if (named !== undefined) announced.set(stream, named);
}

export function addressOf(host: string | undefined, port: number | undefined): Address | null {
  return host === undefined || port === undefined ? null : { host, port };
}

/** The peer as the socket has it, or as the PROXY protocol told it. */
export function peerOf(socket: Endpoints): Peer {
  const named = announced.get(socket);
  return {
    client: named ?? addressOf(socket.remoteAddress, socket.remotePort),
    isSecure: socket.encrypted === true ? true : undefined,
    // A TCP socket that was reset has lost its remote address; it still has its local one, unless it was destroyed too.
    isLocal:
      !named && socket.remoteAddress === undefined && socket.localAddress === undefined && !socket.destroyed,
    isAnonymous: named === null,
  };
}
