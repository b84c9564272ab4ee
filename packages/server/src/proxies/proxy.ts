import type { IncomingMessage } from "node:http";
import { BlockList, isIP } from "node:net";
import { type Address, type HeaderList, isToken } from "@ws/events";
import { forwardedHops } from "./forwarded.js";
import type { Peer } from "./peer.js";

function family(address: string): "ipv4" | "ipv6" {
  return isIP(address) === 6 ? "ipv6" : "ipv4";
}

function badEntry(entry: unknown): TypeError {
  return new TypeError(
    `options.trustedProxies: expected IP addresses, CIDR ranges and "unix", got "${String(entry).slice(0, 64)}".` +
      " Likely mistake: a host name, or the path of a unix socket.",
  );
}

function addEntry(list: BlockList, entry: string): void {
  const [address = "", prefix, ...rest] = String(entry).split("/");
  if (isIP(address) === 0 || rest.length > 0) throw badEntry(entry);
  if (prefix === undefined) return list.addAddress(address, family(address));
  const bits = Number(prefix);
  const most = isIP(address) === 6 ? 128 : 32;
  if (!/^[0-9]+$/.test(prefix) || bits > most) throw badEntry(entry);
  list.addSubnet(address, bits, family(address));
}

function readName(name: string): string {
  if (isToken(name)) return name.toLowerCase();
  throw new TypeError(
    `options.proxyHeaders: expected names of headers, got "${name.slice(0, 64)}". Likely mistake: a colon.`,
  );
}

/** A request's header lines, and the objects that Node makes of them where it has parsed the request. */
export type WithHeaders = Pick<IncomingMessage, "rawHeaders"> &
  Partial<Pick<IncomingMessage, "headers" | "headersDistinct">>;

/** Decides which proxies are trusted, and reads what they say of the client, beginning with the nearest one. */
export class TrustedProxies {
  readonly #list: BlockList = new BlockList();
  readonly #hasUnix: boolean;
  readonly #isEmpty: boolean;
  /** The headers that only trusted proxies may set, in lower case. */
  readonly #own: ReadonlySet<string>;

  /**
   * @throws {TypeError} for an entry that is neither `"unix"` nor an IP address nor a CIDR range, or for an invalid header
   *   name.
   */
  constructor(entries: readonly string[], headers: readonly string[] = []) {
    const addresses = entries.filter((entry) => entry !== "unix");
    for (const entry of addresses) addEntry(this.#list, entry);
    this.#hasUnix = addresses.length < entries.length;
    this.#isEmpty = addresses.length === 0;
    this.#own = new Set(headers.map(readName));
  }

  /** Whether the headers that this peer sends about its client are believed. */
  trusts({ client, isLocal, isAnonymous }: Peer): boolean {
    if (isAnonymous) return false;
    return client === null ? this.#hasUnix && isLocal : this.#includes(client);
  }

  /** Removes the headers that only proxies may set from the request of anybody else, in all places where Node keeps them. */
  strip(peer: Peer, request: WithHeaders): void {
    if (this.#own.size === 0 || this.trusts(peer)) return;
    const { rawHeaders, headers, headersDistinct } = request;
    request.rawHeaders = rawHeaders.filter(
      (_, index) => !this.#own.has(String(rawHeaders[index - (index % 2)]).toLowerCase()),
    );
    for (const name of this.#own) {
      delete headers?.[name];
      delete headersDistinct?.[name];
    }
  }

  /**
   * The peer as the headers describe it. The client is the first address from the right that is not one of our proxies,
   * because anybody can have written what stands left of it. Where an entry is no address, the client is the proxy that
   * wrote it.
   */
  read(peer: Peer, headers: HeaderList): Peer {
    if (!this.trusts(peer)) return peer;
    let { client, isSecure, host } = peer;
    for (const hop of forwardedHops(headers)) {
      isSecure = hop.isSecure ?? isSecure;
      host = hop.host ?? host;
      if (hop.client === undefined) break;
      client = hop.client;
      if (!this.#includes(client)) break;
    }
    return { ...peer, client, isSecure, host };
  }

  /**
   * A `BlockList` also matches an IPv4 address that is written as an IPv6 one, as on a dual-stack socket. RFC 4291 §2.5.5.2.
   */
  #includes({ host }: Address): boolean {
    return !this.#isEmpty && this.#list.check(host, family(host));
  }
}
