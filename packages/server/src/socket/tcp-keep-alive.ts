import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { systemClock } from "../platform/system-clock.js";
import { connectionKey, type SocketEnds, TcpTable } from "./tcp-table.js";

/** After how much silence the kernel probes the peer, in ms. It gives the peer up after ten probes without an answer. */
const idle = 10_000;

/** The peer is lost when this many looks in a row find no answer, and the kernel has sent again at least so often. */
const maxLooks = 4;
const leastTries = 3;

const nothing = new Uint8Array();

/** A socket of the system, or one in memory, about which the kernel knows nothing. */
export type WatchedSocket = Duplex & SocketEnds & Partial<Pick<Socket, "setKeepAlive">>;

/** The table of the process. */
const systemTable: Pick<TcpTable, "tries"> = new TcpTable(systemClock);

/**
 * Finds a peer that is lost while we don't read from it, by what the kernel knows. Where nothing is under way, the kernel
 * itself asks for the peer and gives it up (TCP keep-alive, RFC 9293 §3.8.4). Where something is, it asks for nothing and
 * goes on sending for a quarter of an hour: there its own count of tries tells.
 */
export class TcpKeepAlive {
  readonly #socket: WatchedSocket;
  readonly #table: Pick<TcpTable, "tries">;
  #isOn = false;
  #looks = 0;
  #tries = 0;

  constructor(socket: WatchedSocket, table: Pick<TcpTable, "tries"> = systemTable) {
    this.#socket = socket;
    this.#table = table;
  }

  /** Begins to watch, because the server stops reading from the socket. */
  start(): void {
    this.#isOn = true;
    this.#looks = 0;
    this.#socket.setKeepAlive?.(true, idle);
  }

  /** Ends the watch, because the server reads again. */
  stop(): void {
    this.#isOn = false;
  }

  /** Destroys the socket where its peer is lost. */
  look(): void {
    // A write of nothing sends nothing, and fails where the kernel has given the peer up.
    this.#socket.write(nothing);
    const key = connectionKey(this.#socket);
    if (key !== undefined) void this.#table.tries(key).then((tries) => this.#judge(tries));
  }

  /** An answer sets the kernel's count back: while it never falls, there was none since the first look. */
  #judge(tries: number): void {
    if (!this.#isOn) return;
    if (tries < this.#tries) this.#looks = 0;
    if (tries > 0) this.#looks += 1;
    this.#tries = tries;
    if (this.#looks >= maxLooks && tries >= leastTries) this.#socket.destroy();
  }
}
