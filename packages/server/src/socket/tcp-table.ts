import { readFile } from "node:fs/promises";
import type { Clock } from "../session/timing/clock.js";

/** Linux lists its TCP connections in these files. Other systems have no such files, and there nothing is known. */
const tables = ["/proc/net/tcp", "/proc/net/tcp6"];

/** How long a table is used again after it was read, in ms, because many connections ask at about the same time. */
const freshness = 1_000;

/**
 * Matches a line whose timer is that of a retransmission (01) or of a probe of a closed window (04). It gives both ends of
 * the connection, and how often the kernel has tried without an answer, in hexadecimal. See proc_net_tcp.txt of Linux.
 */
const line =
  /([0-9A-F]+:[0-9A-F]{4}) ([0-9A-F]+:[0-9A-F]{4}) [0-9A-F]{2} [0-9A-F:]+ 0[14]:[0-9A-F]{8} ([0-9A-F]{8}) +\d+ +(\d+) /g;

/** What a socket of `node:net` says of its two ends. */
export interface SocketEnds {
  readonly localAddress?: string | undefined;
  readonly localPort?: number | undefined;
  readonly remoteAddress?: string | undefined;
  readonly remotePort?: number | undefined;
}

/** The 16-bit groups of an IPv6 address, four hexadecimal digits each. An IPv4 address has two groups. */
function groupsOf(address: string): string[] {
  const text = address.replace(/%.*$/, "").replace(/\d+(?:\.\d+){3}$/, (quad) => {
    const digits = quad.split(".").map((byte) => hex(Number(byte), 2));
    return `${digits[0]}${digits[1]}:${digits[2]}${digits[3]}`;
  });
  const gap = text.indexOf("::");
  if (gap < 0) return text.split(":").map(padded);
  const split = (part: string): string[] => part.split(":").filter((group) => group !== "");
  const [left, right] = [split(text.slice(0, gap)), split(text.slice(gap + 2))];
  return [...left, ...Array<string>(8 - left.length - right.length).fill("0"), ...right].map(padded);
}

function hex(number: number, digits: number): string {
  return number.toString(16).toUpperCase().padStart(digits, "0");
}

function padded(group: string): string {
  return group.toUpperCase().padStart(4, "0");
}

/**
 * One end of a connection as the kernel writes it: words of 32 bits in the byte order of the machine, which is
 * little-endian.
 */
function endOf(address: string, port: number): string {
  const words = Buffer.from(groupsOf(address).join(""), "hex").swap32();
  return `${words.toString("hex").toUpperCase()}:${hex(port, 4)}`;
}

/** The name of a connection in the kernel's table; `undefined` where it is no TCP connection. */
export function connectionKey(socket: SocketEnds): string | undefined {
  const { localAddress, localPort, remoteAddress, remotePort } = socket;
  if (localAddress === undefined || localPort === undefined) return undefined;
  if (remoteAddress === undefined || remotePort === undefined) return undefined;
  return `${endOf(localAddress, localPort)} ${endOf(remoteAddress, remotePort)}`;
}

/** The kernel's table of TCP connections. It is read on demand, and at most once a second. */
export class TcpTable {
  readonly #clock: Pick<Clock, "now">;
  readonly #read: (path: string) => Promise<string>;
  #readAt = Number.NEGATIVE_INFINITY;
  #tries: Promise<ReadonlyMap<string, number>> = Promise.resolve(new Map());

  /** `read` gives the text of a file. */
  constructor(
    clock: Pick<Clock, "now">,
    read: (path: string) => Promise<string> = (path) => readFile(path, "latin1"),
  ) {
    this.#clock = clock;
    this.#read = read;
  }

  /** How often the kernel has tried to send on this connection without an answer of the peer; 0 where that is unknown. */
  async tries(key: string): Promise<number> {
    const now = this.#clock.now();
    if (now - this.#readAt > freshness) {
      this.#readAt = now;
      this.#tries = this.#readTries();
    }
    return (await this.#tries).get(key) ?? 0;
  }

  async #readTries(): Promise<ReadonlyMap<string, number>> {
    const texts = await Promise.all(tables.map((path) => this.#read(path).catch(() => "")));
    const tries = new Map<string, number>();
    for (const [, local, remote, retransmitted, probed] of texts.join("").matchAll(line)) {
      const count = Number.parseInt(String(retransmitted), 16) + Number(probed);
      if (count > 0) tries.set(`${local} ${remote}`, count);
    }
    return tries;
  }
}
