import { maxTimerDelay } from "@ws/events";
import type { ListenOptions } from "./listen-options.js";
import type { OptionRows } from "./option-row.js";

const unlimited = Number.POSITIVE_INFINITY;

/** How much longer Node keeps a connection than it tells the client, in ms. */
const keepAliveMargin = 1_000;

/** Where to listen, and what bounds a socket that has no WebSocket: the options of `serve` alone. */
export const listenRows: OptionRows<ListenOptions> = {
  host: {
    kind: "text",
    group: "place",
    default: "127.0.0.1",
    text: "The address or host name to listen on.",
    note: '`"0.0.0.0"` and `"::"` are every address of the machine.',
  },
  port: {
    kind: "count",
    group: "place",
    default: 8000,
    byDefault: "8000",
    text: "The port; 0 lets the system choose.",
  },
  path: {
    kind: "text",
    group: "place",
    default: undefined,
    text: "The path of a unix socket, in place of host and port.",
  },
  fd: {
    kind: "count",
    group: "place",
    default: undefined,
    range: [0, 2_147_483_647],
    text: "A listening socket that the process has inherited, by its descriptor, in place of host and port: 3 from systemd.",
  },
  listen: {
    kind: "boolean",
    group: "place",
    default: true,
    text: "Whether to listen at all.",
    note: "A server that does not listen serves the sockets that it is given by `accept`, such as those that another process has accepted.",
  },
  tls: {
    kind: "other",
    group: "place",
    default: undefined,
    text: "Node's TLS options (`key`, `cert` …): the server then speaks https and wss.",
  },
  backlog: {
    kind: "count",
    group: "place",
    default: 511,
    range: [1, 65_535],
    text: "How many connections may wait in the kernel to be accepted.",
    note: "The system may bound it further (`somaxconn`).",
    against: "a queue in the kernel without an end",
  },
  maxSockets: {
    kind: "count",
    group: "limit",
    default: undefined,
    byDefault: "the descriptors of the process (`ulimit -n`), less a tenth: 64 at least, 1,024 at most",
    range: [1, unlimited],
    text: "The most open sockets of a process, whatever they do.",
    effect: "the one that has been idle longest makes room",
    note: "Where none is idle, a new one is closed at once, and the log says so once a minute.",
    against:
      "sockets that say nothing, until nobody else can connect: those that have been idle longest make room. Where servers share a process, set it",
  },
  headersTimeout: {
    kind: "duration",
    group: "limit",
    default: 10_000,
    range: [1, maxTimerDelay],
    text: "How long a request's head may take to come, from the connection's first moment on.",
    effect: "408",
    note: "It holds for agreeing on TLS too, and is looked at once a second at least.",
    against: "a head that comes byte by byte, or never",
  },
  requestTimeout: {
    kind: "duration",
    group: "limit",
    default: 300_000,
    range: [0, maxTimerDelay],
    text: "How long a whole request may take to come, with its body; 0 is for ever.",
    effect: "408",
    note: "Where the answer has begun, it is cut off.",
    against: "an upload that never ends",
  },
  keepAliveTimeout: {
    kind: "duration",
    group: "limit",
    default: 5_000,
    range: [1, maxTimerDelay - keepAliveMargin],
    text: "How long a socket may be idle between two requests.",
    effect: "it is closed",
    note: "Make it longer than that of a proxy in front.",
    against: "connections that are kept, and not used",
  },
  proxyProtocol: {
    kind: "boolean",
    group: "guard",
    default: false,
    text: "Whether each connection begins with a PROXY protocol header, version 1 or 2, which names its client.",
    note: "It is taken from `trustedProxies` alone. A connection is cut off whose header is missing, malformed, above 16 KiB, or late (`headersTimeout`).",
    against:
      "clients' addresses that are written before the connection: from trusted proxies alone, 16 KiB and `headersTimeout` at most",
  },
  directHandshakes: {
    kind: "boolean",
    group: "guard",
    default: true,
    text: "Whether opening handshakes are read in front of Node's HTTP parser, at less cost.",
    note: "Those that come whole, as the first of their connection, and leave no room for doubt; all else is Node's to read. Never with `tls` or `proxyProtocol`.",
  },
};
