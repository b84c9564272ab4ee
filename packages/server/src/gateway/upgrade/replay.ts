import type { EventEmitter } from "node:events";
import type { IncomingMessage } from "node:http";
import type { Socket as NetSocket } from "node:net";
import { Duplex, Readable } from "node:stream";
import { Server as TlsServer } from "node:tls";
import { passOnAnnouncement } from "../../proxies/peer.js";

/** How many header lines Node keeps where its server doesn't say; it drops the others without a word. */
const defaultHeaderLines = 1_000;

/** From this version on, Node reads the body of a request that asks for an upgrade apart from what follows it. */
const readsBodies: boolean = Number.parseInt(process.versions.node, 10) >= 26;

/**
 * How often a connection may be given back where each time leaves something on it: a stream, or what another listener
 * put on a socket that it then ignored. The last answer closes the connection.
 */
const mostRounds = 8;
const rounds: WeakMap<Duplex, number> = new WeakMap();

/** What is asked of a request's socket; the last two of one over TLS. */
const shown: readonly string[] = [
  "remoteAddress",
  "remotePort",
  "remoteFamily",
  "localAddress",
  "localPort",
  "encrypted",
  "alpnProtocol",
];

/** A request's bytes, to be read once more. */
export interface Rewound {
  readonly stream: Duplex;
  /** What has to be read before anything else. */
  readonly lead: Buffer;
  /** What came after that already. */
  readonly rest: Buffer;
}

/** Whether all header lines of a request are there: a body's length could be among those that Node has dropped. */
export function isHeadWhole({ rawHeaders }: IncomingMessage, maxHeadersCount: number | null): boolean {
  const most = maxHeadersCount ?? defaultHeaderLines;
  return most === 0 || rawHeaders.length / 2 < most;
}

/**
 * The head of a request as it came, without the connection option `upgrade`: a recipient takes the options out that were
 * meant for it (RFC 9110 §7.6.1), and without it Node reads an ordinary request. Node heeds `Proxy-Connection` as well.
 * `more` is lines that it did not have.
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

/** A body as Node has read it, framed as it was. RFC 9112 §7.1. */
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
 * Makes a request that asks for an upgrade an ordinary one that is still to be read. `head` is what came after it;
 * `isShared` says whether other listeners were given its socket.
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
  // Both tell of an error where the stream is destroyed, and an error without a listener would end the process.
  for (const each of [socket, stream]) each.on("error", () => {});
  passOnAnnouncement(request.socket, stream);
  for (const name of shown) {
    if (name in request.socket) Object.assign(stream, { [name]: Reflect.get(request.socket, name) });
  }
  return { stream, lead: Buffer.alloc(0), rest: Buffer.alloc(0) };
}

/**
 * Gives a stream to the server from whose `upgrade` event it came, after the bytes that are to be read first: by the event
 * that says that a connection is there, which Node documents as a way to hand connections to a server. So the limits, the
 * listeners and the end of that server hold for it.
 */
export function replay(
  server: EventEmitter,
  stream: Duplex & Partial<Pick<NetSocket, "setTimeout">>,
  first: readonly Buffer[],
): void {
  // Its client has sent all that it will, and nothing can be put before that end any more.
  if (stream.readableEnded) return void stream.destroy();
  // A time-out that was set for the pause between two requests would end this one.
  stream.setTimeout?.(0);
  const bytes = Buffer.concat(first);
  if (bytes.length > 0) stream.unshift(bytes);
  server.emit(server instanceof TlsServer ? "secureConnection" : "connection", stream);
  stream.resume();
}
