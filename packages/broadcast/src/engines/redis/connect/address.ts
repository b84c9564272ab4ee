import { bad } from "../../../engine/option-checks.js";

/** The address of a server. */
export interface NodeAddress {
  readonly host: string;
  readonly port: number;
}

/**
 * The address to use in place of one that was named: by `host:port`, or a function that gives `undefined` where the named
 * address is used.
 */
export type NodeAddressMap =
  | Readonly<Record<string, NodeAddress>>
  | ((address: string) => NodeAddress | undefined);

export function addressText({ host, port }: NodeAddress): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

/** The address in a text that `addressText` made. */
export function addressOfText(text: string): NodeAddress {
  const end = text.lastIndexOf(":");
  return { host: text.slice(0, end).replace(/^\[(.*)\]$/, "$1"), port: Number(text.slice(end + 1)) };
}

/**
 * Reads `host:port`, with brackets around an IPv6 address.
 *
 * @throws {TypeError} for anything else.
 */
export function parseAddress(where: string, text: unknown): NodeAddress {
  const match =
    typeof text === "string" ? /^(?:\[([0-9A-Fa-f:.]+)\]|([^\s:/@[\]]+)):(\d{1,5})$/.exec(text) : null;
  const port = Number(match?.[3]);
  const host = match?.[1] ?? match?.[2];
  if (host !== undefined && port >= 1 && port <= 65_535) return { host, port };
  // The text is not quoted, because it may be a URL with a password.
  throw bad(where, '"host:port"; an IPv6 address as "[::1]:6379"', "something else");
}

/** The address at which a server is reached that was named by somebody else. */
export function mappedAddress(address: NodeAddress, map: NodeAddressMap | undefined): NodeAddress {
  if (map === undefined) return address;
  const text = addressText(address);
  return (typeof map === "function" ? map(text) : map[text]) ?? address;
}
