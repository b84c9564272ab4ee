import { isIPv6 } from "node:net";
import {
  type Address,
  type HeaderList,
  type HostPort,
  headerValues,
  type Origin,
  parseHost,
  parseOrigin,
  printable,
} from "@ws/events";
import { forwardedHops } from "../../proxies/forwarded.js";
import type { Peer } from "../../proxies/peer.js";
import type { RejectionDetails } from "./rejection.js";

/** What a hint is made from. */
export interface Refused {
  readonly headers: HeaderList;
  readonly peer: Peer;
  /** The address of our side of the socket. */
  readonly server: Address | null;
}

/**
 * The port that a proxy leaves out of the Host header that it makes up. It is that of plain HTTP, because proxies seldom
 * speak TLS to us.
 */
const defaultPort = 80;

const passHostOn = "let the proxy pass Host on as it came (nginx: proxy_set_header Host $http_host;)";

/** Header values of a peer for the log: one printable line. Queries and passwords are left out, as no origin has them. */
function shown(values: readonly string[]): string {
  const text = values.join(", ").slice(0, 128);
  return /[?#@]/.test(text) ? "(something that is none)" : printable(text);
}

/** What is logged of a request that was refused for its `Host` or `Origin`. */
export function detailsOf(headers: HeaderList, hint: string | undefined): RejectionDetails {
  const [origins, hosts] = [headerValues(headers, "origin"), headerValues(headers, "host")];
  return {
    ...(origins.length > 0 && { origin: shown(origins) }),
    ...(hosts.length > 0 && { host: shown(hosts) }),
    ...(hint !== undefined && { hint }),
  };
}

/**
 * Whether a proxy is likely to have made this host up: it is our own address, or a name from the proxy's configuration, such
 * as `backend`.
 */
function isMadeUp({ host, port }: HostPort, server: Address | null): boolean {
  if (server === null) return host === "localhost";
  // On a dual-stack socket our own IPv4 address is written as an IPv6 one. RFC 4291 §2.5.5.2.
  const address = server.host.replace(/^::ffff:(?=.*\.)/i, "");
  const own = isIPv6(address) ? `[${address}]` : address;
  if (host === own || host === "localhost") return (port ?? defaultPort) === server.port;
  return !/[.[]/.test(host);
}

/** Whether a header that we do not believe contains a host for which `isWanted` holds. */
function hasUnbelieved({ headers, peer }: Refused, isWanted: (host: string) => boolean): boolean {
  if (peer.host !== undefined) return false;
  for (const { host } of forwardedHops(headers)) if (host !== undefined && isWanted(host)) return true;
  return false;
}

function trustHint({ client }: Peer): string {
  const entry = client === null ? "unix" : client.host;
  return `a proxy tells the host in a forwarded header, but is not believed: list it in trustedProxies ("${entry}"), or ${passHostOn}`;
}

const madeUpHint =
  `Host names this server itself, as a request from a proxy does: ${passHostOn}, or let it send X-Forwarded-Host and` +
  " list it in trustedProxies. Where there is no proxy, this was a page of another host";

function replacedHint(named: string, { server }: Refused): string | undefined {
  const host = parseHost(named);
  return host !== undefined && isMadeUp(host, server) ? madeUpHint : undefined;
}

function sameHostHint(origin: Origin, host: HostPort, { isSecure }: Peer): string | undefined {
  if (origin.port !== host.port) return `only the port differs: if a proxy changed it, ${passHostOn}`;
  if (isSecure !== false) return undefined;
  return "a trusted proxy says that the client speaks http: let the outermost proxy set X-Forwarded-Proto, and no other";
}

/**
 * How to mend the configuration where `"same-host"` refused an origin; `undefined` where a proxy is not the likely cause.
 */
export function originHint(refused: Refused): string | undefined {
  const [value = ""] = headerValues(refused.headers, "origin");
  const origin = parseOrigin(value);
  if (origin === undefined) return undefined;
  const isOwn = (text: string): boolean => {
    const told = parseHost(text, origin.scheme);
    return told?.host === origin.host && told.port === origin.port;
  };
  if (hasUnbelieved(refused, isOwn)) return trustHint(refused.peer);
  const [named = ""] = headerValues(refused.headers, "host");
  const host = parseHost(named, origin.scheme);
  if (host === undefined) return undefined;
  if (host.host === origin.host) return sameHostHint(origin, host, refused.peer);
  return replacedHint(named, refused);
}

/** How to mend the configuration where a host was refused; `undefined` where a proxy is not the likely cause. */
export function hostHint(refused: Refused, isAllowed: (host: string) => boolean): string | undefined {
  if (hasUnbelieved(refused, isAllowed)) return trustHint(refused.peer);
  const [named = ""] = headerValues(refused.headers, "host");
  return replacedHint(named, refused);
}
