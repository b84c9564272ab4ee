import type { EventEmitter } from "node:events";
import type { IncomingMessage } from "node:http";
import type { Socket as NetSocket } from "node:net";
import { Duplex, Readable } from "node:stream";
import { Server as TlsServer } from "node:tls";
import { passOnAnnouncement } from "../../proxies/peer.js";

/** How many header lines Node keeps where its server doesn't say. It drops further lines without reporting it. */
const defaultHeaderLines = 1_000;

/** From this version on, Node separates the body of a request that asks for an upgrade from what follows it. */
const readsBodies: boolean = Number.parseInt(process.versions.node, 10) >= 26;

/**
 * How often a connection may be given back to its server where each time leaves something on it: a stream, or the listeners
 * of somebody who then ignored the socket. The last answer closes the connection.
 */
const mostRounds = 8;
const rounds: WeakMap<Duplex, number> = new WeakMap();

/** The properties of a request's socket that are passed on; the last two are those of TLS. */
const shown: readonly string[] = [
  "remoteAddress",
  "remotePort",
  "remoteFamily",
  "localAddress",
  "localPort",
  "encrypted",
  "alpnProtocol",
];

/** The bytes of a request that is to be read again. */
export interface Rewound {
  readonly stream: Duplex;
  /** The bytes that have to be read before anything else. */
  readonly lead: Buffer;
  /** The bytes that had already come after those. */
  readonly rest: Buffer;
}

/**
 * Whether Node has kept all header lines of a request. If not, the length of the body may be among those that were dropped.
 */
export function isHeadWhole({ rawHeaders }: IncomingMessage, maxHeadersCount: number | null): boolean {
  const most = maxHeadersCount ?? defaultHeaderLines;
  return most === 0 || rawHeaders.length / 2 < most;
}

/**
 * The head of a request as it came, but without the connection option `upgrade`. A recipient removes the options that were
 * meant for it (RFC 9110 §7.6.1), and without this one Node reads an ordinary request. Node also reads `Proxy-Connection`,
 * so that is treated in the same way. `more` is header lines to add.
 */
function ordinaryHead({ method, url, httpVersion, rawHeaders }: IncomingMessage, more: string): Buffer {
  let head = `${method} ${url} HTTP/${httpVersion}\r\n`;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const [name = "", value = ""] = rawHeaders.slice(index, index + 2);
    head += `${name}:${/^(?:proxy-)?connection$/i.test(name) ? withoutUpgrade(value) : value}\r\n`;
  }
  return Buffer.from(`${head}${more}\r\n`, "latin1");
}

function withoutUpgrade(options: string): string {
  return options
    .split(",")
    .filter((option) => !/^[ \t]*upgrade[ \t]*$/i.test(option))
    .join(",");
}

/** The body as Node has read it, with its original framing. RFC 9112 §7.1. */
async function* framedBody(request: IncomingMessage): AsyncGenerator<Buffer> {
  const isChunked = request.headers["transfer-encoding"] !== undefined;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    if (isChunked) yield Buffer.from(`${chunk.length.toString(16)}\r\n`);
    yield chunk;
    if (isChunked) yield Buffer.from("\r\n");
  }
  if (!isChunked) return;
  const { rawTrailers } = request;
  const lines = rawTrailers.map((text, index) => (index % 2 === 0 ? `${text}:` : `${text}\r\n`));
  yield Buffer.from(`0\r\n${lines.join("")}\r\n`, "latin1");
}

async function* wholeRequest(
  lead: Buffer,
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): AsyncGenerator<Buffer> {
  yield lead;
  yield* framedBody(request);
  yield head;
  yield* socket as AsyncIterable<Buffer>;
}

/**
 * Makes an ordinary request that is still to be read of one that asks for an upgrade. `head` is the bytes that came after
 * it; `isShared` says whether other listeners were given its socket.
 */
export function rewind(
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  isShared: boolean,
  isBodyRead: boolean = readsBodies,
): Rewound {
  const { headers } = request;
  const hasBody = headers["content-length"] !== undefined || headers["transfer-encoding"] !== undefined;
  const isLayered = isBodyRead && hasBody;
  const round = (rounds.get(request.socket) ?? 0) + 1;
  const isLast = (isShared || isLayered) && round >= mostRounds;
  const lead = ordinaryHead(request, isLast ? "Connection:close\r\n" : "");
  if (!isLayered) {
    rounds.set(socket, round);
    return { stream: socket, lead, rest: head };
  }
  const readable = Readable.from(wholeRequest(lead, request, socket, head), { objectMode: false });
  const stream = Duplex.from({ readable, writable: socket });
  rounds.set(stream, round);
  // Both emit an error when the stream is destroyed, and an error without a listener would end the process.
  for (const each of [socket, stream]) each.on("error", () => {});
  passOnAnnouncement(request.socket, stream);
  for (const name of shown) {
    if (name in request.socket) Object.assign(stream, { [name]: Reflect.get(request.socket, name) });
  }
  return { stream, lead: Buffer.alloc(0), rest: Buffer.alloc(0) };
}

/**
 * Gives a stream to the server from whose `upgrade` event it came, after the bytes that are to be read first. It emits
 * `connection`, which Node documents as the way to hand connections to a server, so the server's limits, listeners and
 * shutdown apply.
 */
export function replay(
  server: EventEmitter,
  stream: Duplex & Partial<Pick<NetSocket, "setTimeout">>,
  first: readonly Buffer[],
): void {
  // The client has ended its side of the stream, and nothing can be inserted before that end any more.
  if (stream.readableEnded) return void stream.destroy();
  // A time-out that was set for the pause between two requests would end this one.
  stream.setTimeout?.(0);
  const bytes = Buffer.concat(first);
  if (bytes.length > 0) stream.unshift(bytes);
  server.emit(server instanceof TlsServer ? "secureConnection" : "connection", stream);
  stream.resume();
}
