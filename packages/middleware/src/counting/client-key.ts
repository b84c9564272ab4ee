const mapped = "0:0:0:0:0:ffff:";

/** The eight groups of an IPv6 address, without leading zeros; `undefined` where it is none. RFC 4291 §2.2. */
function groupsOf(address: string): string[] | undefined {
  // The platform's own parser knows every spelling, and writes an IPv4 address in the last place as two groups.
  if (!/^[\da-f:.]+$/i.test(address) || !URL.canParse(`http://[${address}]`)) return undefined;
  const shortest = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [head = [], tail = []] = shortest.split("::").map((part) => part.split(":").filter(Boolean));
  return [...head, ...new Array<string>(8 - head.length - tail.length).fill("0"), ...tail];
}

/**
 * What counts as one client: an IPv4 address, mapped ones included, or an IPv6 network of 64 bits, since that is what
 * one subscriber has (RFC 6177). What is no address is a key as it stands.
 */
export function clientKey(host: string): string {
  // A zone (RFC 4007 §11) names an interface of ours, not a client.
  const [address = ""] = host.split("%");
  const groups = groupsOf(address);
  if (groups === undefined) return host;
  if (!groups.join(":").startsWith(mapped)) return `${groups.slice(0, 4).join(":")}::/64`;
  const bytes = groups.slice(6).flatMap((group) => {
    const value = Number.parseInt(group, 16);
    return [value >> 8, value & 0xff];
  });
  return bytes.join(".");
}
