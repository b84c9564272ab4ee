import { maxTimerDelay } from "@ws/events";
import { standardError } from "../logging/standard-error.js";
import type { Limits } from "../session/limits.js";
import type { OptionRows } from "./option-row.js";
import type { ConnectionOptions } from "./options.js";

const unlimited = Number.POSITIVE_INFINITY;

/** The rows of the options that bound and guard a whole server, as opposed to each of its connections. */
export const serverRows: OptionRows<Omit<ConnectionOptions, keyof Limits>> = {
  maxPendingHandshakes: {
    kind: "count",
    group: "limit",
    default: 1_000,
    range: [1, unlimited],
    text: "The most handshakes of a process that await their answer.",
    effect: "503",
    note: "It has a `Retry-After`.",
    against: "handshakes that pile up behind a slow database",
  },
  maxConnections: {
    kind: "count",
    group: "limit",
    default: unlimited,
    range: [1, unlimited],
    text: "The most WebSocket connections of a process.",
    effect: "503",
    note: "It has a `Retry-After`.",
    against: "more WebSockets than the memory is for; descriptors are bounded by `maxSockets`",
  },
  maxHeaders: {
    kind: "count",
    group: "limit",
    default: 128,
    range: [1, 1_000],
    text: "The most header lines of a request.",
    effect: "431",
    against: "large heads; Node itself drops header lines beyond 1,000 without a word, this is far below it",
  },
  maxTarget: {
    kind: "size",
    group: "limit",
    default: 8_192,
    range: [1, 16_384],
    text: "The longest request target.",
    effect: "414",
    against: "large heads",
  },
  startupTimeout: {
    kind: "duration",
    group: "limit",
    default: 60_000,
    range: [1, maxTimerDelay],
    text: "How long the lifespan's start-up may take.",
    effect: "the start fails",
    against: "a start that hangs",
  },
  perMessageDeflate: {
    kind: "boolean",
    group: "limit",
    default: false,
    isOpen: true,
    text: "Whether messages are compressed (RFC 7692): on, off, or an object of parameters.",
    note: "On: from 1,024 bytes on, no context kept on either side, `memLevel` 7, 10 messages at once. What is inflated above `maxPayload` is closed with 1009.",
    against:
      "time per message, memory per connection where a context is kept, and lengths that give away secrets (CRIME, BREACH)",
  },
  allowedOrigins: {
    kind: "list",
    group: "guard",
    default: ["same-host"],
    isOpen: true,
    placeholder: "ORIGIN",
    text: 'Whose pages may connect; "*" is all. A list, or a function in code.',
    effect: "403",
    note: "A request without an `Origin` is let in.",
    against:
      "pages of other sites that connect with a user's cookies; where the scheme is known, pages of the same host that came without TLS",
  },
  allowedHosts: {
    kind: "list",
    group: "guard",
    default: "*",
    isOpen: true,
    placeholder: "HOST",
    text: 'The hosts that are answered for, such as example.com and .example.org; "*" is all.',
    effect: "421",
    against: "pages of a name that was rebound to this server. See below",
  },
  trustedProxies: {
    kind: "list",
    group: "guard",
    default: [],
    placeholder: "ADDRESS",
    text: 'The proxies whose headers are believed: addresses, CIDR ranges, and "unix" for one on a unix socket.',
    note: "The headers are `X-Forwarded-…` and `Forwarded`.",
    against: "addresses, schemes and hosts that anyone can write into a header",
  },
  proxyHeaders: {
    kind: "list",
    group: "guard",
    default: [],
    placeholder: "NAME",
    text: "Headers that trusted proxies alone may set, such as x-user-id.",
    note: "They are taken out of the requests of all others.",
    against: "`X-User-Id` and the like, written by the client. See below",
  },
  rootPath: {
    kind: "text",
    group: "guard",
    default: "",
    placeholder: "PATH",
    text: "Where the application is mounted, without a trailing slash.",
  },
  logger: {
    kind: "other",
    group: "log",
    default: standardError,
    byDefault: "warnings and errors go to standard error",
    text: "Where warnings, errors and what else there is to say go; `false` is nowhere.",
  },
};
