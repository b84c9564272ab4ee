import { bad } from "../../../engine/option-checks.js";

/** Where a server listens. */
export interface NodeAddress {
  readonly host: string;
  readonly port: number;
}

/** By the address that is named, `host:port`, or a function of it that gives `undefined` where there is no other. */
export type NodeAddressMap =
  | Readonly<Record<string, NodeAddress>>
  | ((address: string) => NodeAddress | undefined);

export function addressText({ host, port }: NodeAddress): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

/** The address of a text that `addressText` made. */
export function addressOfText(text: string): NodeAddress {
  const end = text.lastIndexOf(":");
  return { host: text.slice(0, end).replace(/^\[(.*)\]$/, "$1"), port: Number(text.slice(end + 1)) };
}

/**
 * Reads `host:port`; an IPv6 address stands in brackets.
 *
 * @throws {TypeError} for anything else.
 */
export function parseAddress(where: string, text: unknown): NodeAddress {
  const match =
    typeof text === "string" ? /^(?:\[([0-9A-Fa-f:.]+)\]|([^\s:/@[\]]+)):(\d{1,5})$/.exec(text) : null;
  const port = Number(match?.[3]);
  const host = match?.[1] ?? match?.[2];
  if (host !== undefined && port >= 1 && port <= 65_535) return { host, port };
  // What is no address may be a URL with a password.
  throw bad(where, '"host:port"; an IPv6 address as "[::1]:6379"', "something else");
}

/** Where a server is reached that somebody else has named. */
export function mappedAddress(address: NodeAddress, map: NodeAddressMap | undefined): NodeAddress {
  if (map === undefined) return address;
  const text = addressText(address);
  return (typeof map === "function" ? map(text) : map[text]) ?? address;
}
