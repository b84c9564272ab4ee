import { constants } from "node:buffer";
import type { Option } from "./option.js";

const mostTime = 2_147_483_647;
const mebibyte = 1_048_576;
const unlimited = Number.POSITIVE_INFINITY;

/** A row of the options that `serve` takes. */
type Row = Omit<Option, "group" | "isOfServer">;

/**
 * What bounds a connection. A test holds defaults and ranges to those of `@ws/server`: they are written down again here so
 * that `--help` need not load the server.
 */
const limits: readonly Row[] = [
  {
    key: "maxPayload",
    kind: "size",
    default: mebibyte,
    range: [1, constants.MAX_STRING_LENGTH],
    text: "The largest message. Above: close 1009.",
  },
  {
    key: "maxFragments",
    kind: "count",
    default: 1_024,
    range: [1, unlimited],
    text: "The most fragments of a message. Above: close 1008.",
  },
  {
    key: "receiveQueue.messages",
    kind: "count",
    default: 32,
    range: [1, unlimited],
    text: "How many messages are held that nobody has received. Above: the peer is paused.",
  },
  {
    key: "receiveQueue.bytes",
    kind: "size",
    default: mebibyte,
    range: [1, unlimited],
    text: "The same in bytes.",
  },
  {
    key: "receiveTimeout",
    kind: "duration",
    default: 0,
    range: [0, mostTime],
    text: "How long a peer may be paused; 0 is for ever.",
  },
  {
    key: "sendBuffer",
    kind: "size",
    default: mebibyte,
    range: [0, unlimited],
    text: "How much may wait for a peer to read it. Above: send waits.",
  },
  {
    key: "sendTimeout",
    kind: "duration",
    default: 30_000,
    range: [1, mostTime],
    text: "How long a send may wait. Then: close 1013.",
  },
  {
    key: "pingInterval",
    kind: "duration",
    default: 20_000,
    range: [0, mostTime],
    text: "After how much silence a peer is pinged; 0 is never.",
  },
  {
    key: "pingTimeout",
    kind: "duration",
    default: 20_000,
    range: [1, mostTime],
    text: "How long it may take to answer. Then: close 1011.",
  },
  {
    key: "messageTimeout",
    kind: "duration",
    default: 60_000,
    range: [0, mostTime],
    text: "How long a message may take to come whole; 0 is for ever. Then: close 1008.",
  },
  {
    key: "acceptTimeout",
    kind: "duration",
    default: 10_000,
    range: [1, mostTime],
    text: "How long the application may take to answer a handshake. Then: 503.",
  },
  {
    key: "closeTimeout",
    kind: "duration",
    default: 5_000,
    range: [1, mostTime],
    text: "How long a peer may take to answer a close.",
  },
  {
    key: "maxPendingHandshakes",
    kind: "count",
    default: 1_000,
    range: [1, unlimited],
    text: "The most handshakes of a process that await their answer. Above: 503.",
  },
  {
    key: "maxConnections",
    kind: "count",
    default: unlimited,
    range: [1, unlimited],
    text: "The most connections of a process. Above: 503.",
  },
  {
    key: "maxSockets",
    kind: "count",
    default: undefined,
    range: [1, unlimited],
    text: "The most sockets of a process; where it is not given, what its descriptors allow.",
  },
  {
    key: "maxHeaders",
    kind: "count",
    default: 128,
    range: [1, 1_000],
    text: "The most header lines of a request. Above: 431.",
  },
  {
    key: "maxTarget",
    kind: "size",
    default: 8_192,
    range: [1, 16_384],
    text: "The longest request target. Above: 414.",
  },
  {
    key: "headersTimeout",
    kind: "duration",
    default: 10_000,
    range: [1, mostTime],
    text: "How long a request's head may take to come. Then: 408.",
  },
  {
    key: "requestTimeout",
    kind: "duration",
    default: 300_000,
    range: [0, mostTime],
    text: "How long a whole request may take to come; 0 is for ever. Then: 408.",
  },
  {
    key: "keepAliveTimeout",
    kind: "duration",
    default: 5_000,
    range: [1, mostTime - 1_000],
    text: "How long a socket may be idle between two requests.",
  },
  {
    key: "startupTimeout",
    kind: "duration",
    default: 60_000,
    range: [1, mostTime],
    text: "How long the application's start-up may take.",
  },
  {
    key: "perMessageDeflate",
    kind: "boolean",
    default: false,
    isOpen: true,
    text: "Compresses messages (RFC 7692); an object of parameters in the config file.",
  },
];

const guards: readonly Row[] = [
  {
    key: "allowedOrigins",
    kind: "list",
    default: ["same-host"],
    value: "ORIGIN",
    isOpen: true,
    text: 'Whose pages may connect; "*" is all. A function in the config file.',
  },
  {
    key: "allowedHosts",
    kind: "list",
    default: ["*"],
    value: "HOST",
    isOpen: true,
    text: 'The hosts that are answered for; "*" is all.',
  },
  {
    key: "trustedProxies",
    kind: "list",
    default: [],
    value: "ADDRESS",
    text: 'The proxies whose headers are believed: addresses, ranges, "unix".',
  },
  {
    key: "proxyHeaders",
    kind: "list",
    default: [],
    value: "NAME",
    text: "Headers that trusted proxies alone may set.",
  },
  {
    key: "proxyProtocol",
    kind: "boolean",
    default: false,
    text: "Each connection begins with a PROXY protocol header.",
  },
  {
    key: "rootPath",
    kind: "text",
    default: "",
    value: "PATH",
    text: "Where the application is mounted, without a trailing slash.",
  },
];

/** The options that are handed to `serve` of `@ws/server`. */
export const serverOptions: readonly Option[] = [
  ...limits.map((row) => ({ ...row, group: "Limits", isOfServer: true }) as const),
  ...guards.map((row) => ({ ...row, group: "Who may connect", isOfServer: true }) as const),
];
