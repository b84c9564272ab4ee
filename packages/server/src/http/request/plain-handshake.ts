/** The head of an opening handshake, as Node's parser would tell it. */
export interface PlainHandshake {
  readonly url: string;
  /** Names and values in turn, as they came. */
  readonly rawHeaders: string[];
  /** How many bytes the head has; what follows are frames. */
  readonly length: number;
}

/** What is above these is left to Node, whose own limits are higher: 16 KiB, and 1,000 lines. */
const [mostBytes, mostLines] = [8_192, 100] as const;

const [lineFeed, carriageReturn, space, slash, colon] = [0x0a, 0x0d, 0x20, 0x2f, 0x3a] as const;

/** What a byte may be part of: a header's name (a token, RFC 9110 §5.6.2), a target, a value. */
const [inName, inTarget, inValue] = [1, 2, 4] as const;

function kindsOf(byte: number): number {
  const isVisible = byte > space && byte < 0x7f;
  const isInName = isVisible && /[!#$%&'*+.^_`|~0-9A-Za-z-]/.test(String.fromCharCode(byte));
  return (isInName ? inName : 0) | (isVisible ? inTarget | inValue : 0) | (byte === space ? inValue : 0);
}

const kinds: Uint8Array = Uint8Array.from({ length: 256 }, (_, byte) => kindsOf(byte));

const [method, version] = [Buffer.from("GET "), Buffer.from(" HTTP/1.1\r\n")] as const;

/** A line that must be there once, and what it must say. */
interface Required {
  readonly bit: number;
  readonly value: RegExp;
}

const required: ReadonlyMap<string, Required> = new Map(
  Object.entries({
    host: /^/,
    upgrade: /^websocket$/i,
    connection: /^(?:keep-alive, ?)?upgrade$/i,
    "sec-websocket-version": /^13$/,
    "sec-websocket-key": /^/,
  }).map(([name, value], at) => [name, { bit: 1 << at, value }]),
);
const allBits: number = (1 << required.size) - 1;

/** Lines by which a reader may find another end of the head or of the request, or owe another answer. */
const doubtful: ReadonlySet<string> = new Set([
  "content-length",
  "expect",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
]);

/** The bit of a line that must be there, 0 for one that may; `undefined` for one that leaves doubt. */
function bitOf(name: string, value: string, seen: number): number | undefined {
  const lower = name.toLowerCase();
  const wanted = required.get(lower);
  if (wanted === undefined) return doubtful.has(lower) ? undefined : 0;
  return (seen & wanted.bit) === 0 && wanted.value.test(value) ? wanted.bit : undefined;
}

/** Where the first byte from `at` on stands that is of another kind. */
function skip(bytes: Uint8Array, at: number, kind: number, end: number): number {
  let next = at;
  while (next < end && ((kinds[bytes[next] as number] as number) & kind) !== 0) next += 1;
  return next;
}

function hasAt(bytes: Uint8Array, at: number, text: Uint8Array): boolean {
  for (let index = 0; index < text.length; index += 1) if (bytes[at + index] !== text[index]) return false;
  return true;
}

/**
 * Reads an opening handshake whose head is whole in `bytes` and leaves no room for doubt: every reader of HTTP sees the
 * same in it. `undefined` for anything else, which may be a good handshake all the same.
 */
export function readPlainHandshake(bytes: Buffer): PlainHandshake | undefined {
  if (!hasAt(bytes, 0, method) || bytes[method.length] !== slash) return undefined;
  const end = Math.min(bytes.length, mostBytes);
  const targetEnd = skip(bytes, method.length, inTarget, end);
  if (!hasAt(bytes, targetEnd, version)) return undefined;
  const rawHeaders: string[] = [];
  let seen = 0;
  let at = targetEnd + version.length;
  while (at < end && bytes[at] !== carriageReturn) {
    const nameEnd = skip(bytes, at, inName, end);
    if (nameEnd === at || bytes[nameEnd] !== colon || rawHeaders.length === 2 * mostLines) return undefined;
    const start = bytes[nameEnd + 1] === space ? nameEnd + 2 : nameEnd + 1;
    const lineEnd = skip(bytes, start, inValue, end);
    if (bytes[lineEnd] !== carriageReturn || bytes[lineEnd + 1] !== lineFeed) return undefined;
    // More white space around a value: not all readers take all of it off.
    if (bytes[start] === space || bytes[lineEnd - 1] === space) return undefined;
    // Texts of their own: a part of a longer one would keep that as well, for as long as the connection lives.
    const name = bytes.toString("latin1", at, nameEnd);
    const value = bytes.toString("latin1", start, lineEnd);
    const bit = bitOf(name, value, seen);
    if (bit === undefined) return undefined;
    seen |= bit;
    rawHeaders.push(name, value);
    at = lineEnd + 2;
  }
  if (seen !== allBits || at + 2 > end || bytes[at + 1] !== lineFeed) return undefined;
  return { url: bytes.toString("latin1", method.length, targetEnd), rawHeaders, length: at + 2 };
}
