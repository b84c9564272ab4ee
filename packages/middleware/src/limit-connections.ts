import type { TransparentMiddleware, WebSocketScope } from "@ws/events";
import { type Denial, refuse } from "./answering/denial.js";
import { forWebSocket } from "./composing/for-web-socket.js";
import { clientKey } from "./counting/client-key.js";
import { KeyedCounter } from "./counting/keyed-counter.js";
import { checkPositive } from "./options/check-positive.js";

/** The key of a user; `null` or `undefined` for nobody, who is not counted. */
export type UserKey = string | number | null | undefined;

interface SharedOptions {
  /** The most connections in total. */
  readonly total?: number | undefined;
  /** The most connections of one client: an IPv4 address or an IPv6 /64. A client without an address is not counted. */
  readonly perClient?: number | undefined;
}

interface PerUserOptions {
  /** The most connections of one user. */
  readonly perUser: number;
  /** The key of the user. `authenticate` puts the user into `scope.state.user`. */
  user(scope: WebSocketScope): UserKey;
}

interface NoUserOptions {
  readonly perUser?: undefined;
  readonly user?: undefined;
}

export type LimitConnectionsOptions = SharedOptions & (PerUserOptions | NoUserOptions);

/** One of the limits, and its counts. */
interface Limit {
  readonly most: number;
  readonly counter: KeyedCounter<string | number>;
  keyOf(scope: WebSocketScope): UserKey;
  readonly denial: Denial;
}

const full: Denial = { status: 503, headers: [["retry-after", "1"]] };
const tooMany: Denial = { status: 429 };

/**
 * Limits the number of WebSocket connections at a time: above `total` the answer is 503, above one of the other limits 429.
 * A connection counts from its handshake until its application ends.
 *
 * @throws {TypeError} for a limit that is not above 0, or for `perUser` without `user`.
 */
export function limitConnections(options: LimitConnectionsOptions): TransparentMiddleware {
  const limits = readLimits(options);
  return forWebSocket("limitConnections(…)", async (application, scope, receive, send) => {
    const places = placesOf(limits, scope);
    const taken = places.find(({ limit, key }) => limit.counter.count(key) >= limit.most);
    if (taken !== undefined) return await refuse(scope, receive, send, taken.limit.denial);
    for (const { limit, key } of places) limit.counter.enter(key);
    try {
      await application(scope, receive, send);
    } finally {
      for (const { limit, key } of places) limit.counter.leave(key);
    }
  });
}

function readLimits({ total, perClient, perUser, user }: LimitConnectionsOptions): readonly Limit[] {
  for (const [name, value] of Object.entries({ total, perClient, perUser })) {
    checkPositive(`limitConnections.${name}`, value);
  }
  if (perUser !== undefined && user === undefined) {
    throw new TypeError("limitConnections: expected user, a function of the scope, beside perUser; got none");
  }
  const limits: Limit[] = [];
  const add = (most: number | undefined, denial: Denial, keyOf: Limit["keyOf"]): void => {
    if (most !== undefined) limits.push({ most, counter: new KeyedCounter(), keyOf, denial });
  };
  add(total, full, () => "");
  add(perClient, tooMany, ({ client }) => client && clientKey(client.host));
  add(perUser, tooMany, (scope) => user?.(scope));
  return limits;
}

interface Place {
  readonly limit: Limit;
  readonly key: string | number;
}

/** The counters in which a connection is counted. */
function placesOf(limits: readonly Limit[], scope: WebSocketScope): readonly Place[] {
  const places: Place[] = [];
  for (const limit of limits) {
    const key = limit.keyOf(scope);
    if (key !== undefined && key !== null) places.push({ limit, key });
  }
  return places;
}
