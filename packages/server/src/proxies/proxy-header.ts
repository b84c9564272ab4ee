import { isIPv4, isIPv6, SocketAddress } from "node:net";
import type { Address } from "@ws/events";

/** A PROXY protocol header: the client that it names, and its length in bytes. */
interface ProxyHeader {
  /** `null` where the proxy speaks for itself (`LOCAL`), or names somebody without an address (`UNKNOWN`). */
  readonly client: Address | null;
  readonly length: number;
}

/** The result of reading: a header, the beginning of one (`incomplete`), or something else (`malformed`). */
export type ProxyHeaderResult = ProxyHeader | "incomplete" | "malformed";

/** The longest header of version 1 in bytes, its line end included. */
const longestLine = 107;
/** The longest header of version 2 that is accepted, in bytes. The protocol would allow 65,551. */
const longestHeader = 16_384;
const signature = Buffer.from("\r\n\r\n\0\r\nQUIT\n", "latin1");
const prefix = Buffer.from("PROXY ", "latin1");
const line =
  /^PROXY (?:UNKNOWN(?: [ -~]*)?|(TCP4|TCP6) ([0-9a-fA-F.:]+) ([0-9a-fA-F.:]+) (0|[1-9][0-9]{0,4}) (0|[1-9][0-9]{0,4}))$/;

/** An address in the spelling that Node uses for sockets. */
function addressOf(host: string, port: number, family: "ipv4" | "ipv6"): Address {
  return { host: new SocketAddress({ address: host, family }).address, port };
}

function readLine(bytes: Buffer): ProxyHeaderResult {
  const end = bytes.subarray(0, longestLine).indexOf("\r\n");
  if (end < 0) return bytes.length < longestLine ? "incomplete" : "malformed";
  const match = line.exec(bytes.toString("latin1", 0, end));
  if (match === null) return "malformed";
  const [, protocol, source = "", destination = "", ...ports] = match;
  const length = end + 2;
  if (protocol === undefined) return { client: null, length };
  const isAddress = protocol === "TCP4" ? isIPv4 : isIPv6;
  const [port = 0, other = 0] = ports.map(Number);
  if (!isAddress(source) || !isAddress(destination) || Math.max(port, other) > 65_535) return "malformed";
  return { client: addressOf(source, port, protocol === "TCP4" ? "ipv4" : "ipv6"), length };
}

/** The numbers of the families and transports other than TCP over IP. They come without an address that we could use. */
const withoutAddress: ReadonlySet<number> = new Set([0x00, 0x12, 0x22, 0x31, 0x32]);

/** Reads source address and port of a version 2 header, which stand before and after those of the destination. */
function readSource(block: Buffer, familyAndTransport: number): Address | null | undefined {
  if (familyAndTransport === 0x11 && block.length >= 12) {
    return addressOf(block.subarray(0, 4).join("."), block.readUInt16BE(8), "ipv4");
  }
  if (familyAndTransport === 0x21 && block.length >= 36) {
    const groups = Array.from({ length: 8 }, (_, index) => block.readUInt16BE(2 * index).toString(16));
    return addressOf(groups.join(":"), block.readUInt16BE(32), "ipv6");
  }
  return withoutAddress.has(familyAndTransport) ? null : undefined;
}

function readBinary(bytes: Buffer): ProxyHeaderResult {
  if (bytes.length < 16) return "incomplete";
  const command = bytes[12];
  const length = 16 + bytes.readUInt16BE(14);
  if ((command !== 0x20 && command !== 0x21) || length > longestHeader) return "malformed";
  if (bytes.length < length) return "incomplete";
  if (command === 0x20) return { client: null, length };
  // Fields of other kinds (TLVs) may follow the addresses, and are skipped.
  const client = readSource(bytes.subarray(16, length), Number(bytes[13]));
  return client === undefined ? "malformed" : { client, length };
}

function begins(bytes: Buffer, whole: Buffer): boolean {
  return whole.subarray(0, bytes.length).equals(bytes.subarray(0, whole.length));
}

/**
 * Reads the header of version 1 or 2 that a proxy sends before the first byte of a connection. Source: "The PROXY protocol",
 * https://www.haproxy.org/download/3.0/doc/proxy-protocol.txt, §2.1 and §2.2.
 */
export function readProxyHeader(bytes: Buffer): ProxyHeaderResult {
  if (begins(bytes, signature)) return readBinary(bytes);
  return begins(bytes, prefix) ? readLine(bytes) : "malformed";
}
