/** Why a connection ended, by its close code. */
export type DownKind =
  | "ended"
  | "network"
  | "restart"
  | "server-fault"
  | "busy"
  | "too-big"
  | "repeats"
  | "policy"
  | "unauthorized"
  | "refused"
  | "later"
  | "application";

/** What a client does after a close. */
export interface CloseVerdict {
  readonly kind: DownKind;
  /**
   * `retry`: it connects again after a backoff. `token`: it asks for a new token and connects at once. `stop`: it stays
   * closed.
   */
  readonly next: "retry" | "token" | "stop";
  /** The shortest time before the next attempt, in ms. */
  readonly least: number;
  /** An addition to the backoff, in ms. */
  readonly extra: number;
}

const [repeats, unauthorized, refused, later] = ["repeats", "unauthorized", "refused", "later"] as const;

/** The meaning of single codes. It is written as data, because every client carries it. */
const kinds: Readonly<Record<number, DownKind>> = {
  // Proxies and load balancers send 1000 as well, and a view of a channel never ends by itself. 4410 ends a client for good.
  1000: "ended",
  1002: repeats,
  1003: repeats,
  1007: repeats,
  // A server's time-out for a slow message is 1008 as well; the client counts those that follow one another.
  1008: "policy",
  // Nothing that was under way may be sent again.
  1009: "too-big",
  1010: repeats,
  1011: "server-fault",
  1012: "restart",
  1013: "busy",
  // Registered with IANA: 3000 Unauthorized, 3003 Forbidden, 3008 Timeout.
  3000: unauthorized,
  3003: refused,
  3008: later,
  // 4000 plus the HTTP status.
  4401: unauthorized,
  4402: "application",
  4408: later,
  4425: later,
  4429: later,
};

function downKind(code: number): DownKind {
  const isRefusal = code > 4_399 && code < 4_425;
  const isFault = code > 4_499 && code < 4_600;
  const others = isRefusal ? refused : isFault ? later : "application";
  return kinds[code] ?? (code < 3_000 ? "network" : others);
}

/** What a client of a channel does after this close code. RFC 6455 §7.4. */
export function closeVerdict(code: number): CloseVerdict {
  const kind = downKind(code);
  const isStop = kind === repeats || kind === refused || kind === "application";
  return {
    kind,
    next: kind === unauthorized ? "token" : isStop ? "stop" : "retry",
    least: kind === "ended" || kind === "server-fault" ? 1_000 : kind === "policy" ? 5_000 : 0,
    extra: kind === "busy" || kind === "policy" ? 5_000 : 0,
  };
}

/** The HTTP statuses that have a registered close code. */
const registered: Readonly<Record<number, number>> = { 401: 3000, 403: 3003, 408: 3008 };

/**
 * The close code that corresponds to an HTTP status, for clients that cannot see the status: 3000, 3003, 3008, or 4000 +
 * status.
 */
export function closeCodeOfStatus(status: number): number {
  return registered[status] ?? 4_000 + status;
}

/**
 * How long to wait, in ms, by a close reason that contains `retry-after=30` (in seconds); `undefined` for any other reason.
 */
export function retryAfter(reason: string): number | undefined {
  const seconds = /(?:^|[\s;,])retry-after=(\d{1,6})(?:$|[\s;,])/.exec(reason)?.[1];
  return seconds === undefined ? undefined : Number(seconds) * 1_000;
}
