const mapped = "0:0:0:0:0:ffff:";

/** The eight groups of an IPv6 address, without leading zeros; `undefined` for any other text. RFC 4291 §2.2. */
function groupsOf(address: string): string[] | undefined {
  // The platform's URL parser knows every spelling, and writes an IPv4 address at the end as two groups.
  if (!/^[\da-f:.]+$/i.test(address) || !URL.canParse(`http://[${address}]`)) return undefined;
  const shortest = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [head = [], tail = []] = shortest.split("::").map((part) => part.split(":").filter(Boolean));
  return [...head, ...new Array<string>(8 - head.length - tail.length).fill("0"), ...tail];
}

/**
 * What counts as one client: an IPv4 address, including one that is mapped to IPv6, or an IPv6 network of 64 bits, because
 * that is what one subscriber gets (RFC 6177). A text that is no address is a key by itself.
 */
export function clientKey(host: string): string {
  // A zone (RFC 4007 §11) names a network interface of ours, and says nothing about the client.
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
