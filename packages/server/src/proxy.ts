import type { IncomingMessage } from "node:http";
import { BlockList, isIP } from "node:net";
import { type Address, type HeaderList, headerValues, isToken } from "@ws/events";

/** Who is at the far end, and how it speaks to us, as far as trusted proxies tell. */
export interface FarEnd {
  readonly client: Address | null;
  readonly isSecure: boolean;
}

function family(address: string): "ipv4" | "ipv6" {
  return isIP(address) === 6 ? "ipv6" : "ipv4";
}

function badEntry(entry: string): TypeError {
  return new TypeError(
    `options.trustedProxies: expected IP addresses and CIDR ranges, got "${entry.slice(0, 64)}".` +
      " Likely mistake: a host name.",
  );
}

function addEntry(list: BlockList, entry: string): void {
  const [address = "", prefix, ...rest] = entry.split("/");
  if (isIP(address) === 0 || rest.length > 0) throw badEntry(entry);
  if (prefix === undefined) return list.addAddress(address, family(address));
  const bits = Number(prefix);
  const most = isIP(address) === 6 ? 128 : 32;
  if (!/^[0-9]+$/.test(prefix) || bits > most) throw badEntry(entry);
  list.addSubnet(address, bits, family(address));
}

/** The values of a comma-separated header, last first. */
function fromRight(headers: HeaderList, name: string): string[] {
  const values = headerValues(headers, name).flatMap((value) => value.split(","));
  return values.map((value) => value.trim()).reverse();
}

function readName(name: string): string {
  if (isToken(name)) return name.toLowerCase();
  throw new TypeError(
    `options.proxyHeaders: expected names of headers, got "${name.slice(0, 64)}". Likely mistake: a colon.`,
  );
}

/** Believes `X-Forwarded-For` and `-Proto` as far as they come from proxies on the list, from the right. */
export class TrustedProxies {
  readonly #list: BlockList = new BlockList();
  readonly #isEmpty: boolean;
  /** The headers that nobody else may set, in lower case. */
  readonly #own: ReadonlySet<string>;

  /** @throws {TypeError} for an entry that is neither an IP address nor a CIDR range, or a name that no header has. */
  constructor(entries: readonly string[], headers: readonly string[] = []) {
    for (const entry of entries) addEntry(this.#list, entry);
    this.#isEmpty = entries.length === 0;
    this.#own = new Set(headers.map(readName));
  }

  /** Takes the proxies' own headers out of the request of anybody else, wherever Node keeps them. */
  strip(peer: FarEnd, request: IncomingMessage): void {
    if (this.#own.size === 0 || (peer.client !== null && this.#trusts(peer.client.host))) return;
    const { rawHeaders, headers, headersDistinct } = request;
    request.rawHeaders = rawHeaders.filter(
      (_, index) => !this.#own.has(String(rawHeaders[index - (index % 2)]).toLowerCase()),
    );
    for (const name of this.#own) {
      delete headers[name];
      delete headersDistinct[name];
    }
  }

  /** What the headers tell beyond what the socket does; the socket's own word where nobody is trusted. */
  read(peer: FarEnd, headers: HeaderList): FarEnd {
    if (peer.client === null || !this.#trusts(peer.client.host)) return peer;
    return { client: this.#client(peer.client, headers), isSecure: this.#isSecure(peer, headers) };
  }

  /** A `BlockList` knows an IPv4 address in IPv6 clothes too, as on a dual-stack socket. RFC 4291 §2.5.5.2. */
  #trusts(address: string): boolean {
    return !this.#isEmpty && this.#list.check(address, family(address));
  }

  /** The first address from the right that is no proxy of ours; what stands left of it anyone can have written. */
  #client(peer: Address, headers: HeaderList): Address {
    let nearest = peer;
    for (const host of fromRight(headers, "x-forwarded-for")) {
      if (isIP(host) === 0) return nearest;
      nearest = { host, port: 0 };
      if (!this.#trusts(host)) return nearest;
    }
    return nearest;
  }

  #isSecure(peer: FarEnd, headers: HeaderList): boolean {
    const [scheme] = fromRight(headers, "x-forwarded-proto");
    if (scheme === "https" || scheme === "wss") return true;
    return scheme === "http" || scheme === "ws" ? false : peer.isSecure;
  }
}
