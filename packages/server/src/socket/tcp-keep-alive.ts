import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { systemClock } from "../platform/system-clock.js";
import { connectionKey, type SocketEnds, TcpTable } from "./tcp-table.js";

/** After how much silence the kernel probes the peer, in ms. It gives the peer up after ten probes without an answer. */
const idle = 10_000;

/** The peer is lost when so many checks in a row find no answer and the kernel has tried again at least as often. */
const maxLooks = 4;
const leastTries = 3;

const nothing = new Uint8Array();

/** A socket of the system. A socket in memory may take its place, but then the kernel knows nothing about its peer. */
export type WatchedSocket = Duplex & SocketEnds & Partial<Pick<Socket, "setKeepAlive">>;

/** The table of the process. */
const systemTable: Pick<TcpTable, "tries"> = new TcpTable(systemClock);

/**
 * Finds out, from what the kernel knows, that a peer was lost while we don't read from it. While nothing is being sent, the
 * kernel itself probes the peer and gives it up (TCP keep-alive, RFC 9293 §3.8.4). While data is being sent it does not
 * probe, and goes on sending for a quarter of an hour; then its count of retries shows that the peer is lost.
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

  /** Begins to watch, because the server has stopped reading from the socket. */
  start(): void {
    this.#isOn = true;
    this.#looks = 0;
    this.#socket.setKeepAlive?.(true, idle);
  }

  /** Ends the watch, because the server reads again. */
  stop(): void {
    this.#isOn = false;
  }

  /** Destroys the socket if its peer is lost. */
  look(): void {
    // An empty write sends nothing, and fails where the kernel has given the peer up.
    this.#socket.write(nothing);
    const key = connectionKey(this.#socket);
    if (key !== undefined) void this.#table.tries(key).then((tries) => this.#judge(tries));
  }

  /**
   * Judges the peer by the kernel's count of retries. An answer resets that count, so the peer has not answered since the
   * first check as long as the count never falls.
   */
  #judge(tries: number): void {
    if (!this.#isOn) return;
    if (tries < this.#tries) this.#looks = 0;
    if (tries > 0) this.#looks += 1;
    this.#tries = tries;
    if (this.#looks >= maxLooks && tries >= leastTries) this.#socket.destroy();
  }
}
