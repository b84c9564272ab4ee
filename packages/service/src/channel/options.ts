import { type AnyMiddleware, maxTimerDelay } from "@ws/events";
import { describeValue } from "@ws/events/checks";
import { memoryReplies } from "../requests/memory-replies.js";
import type { ReplyStore } from "../requests/reply-store.js";

/** Where an error happened that is not sent to the client. */
export interface FailureInfo {
  /** The pattern of the channel. */
  readonly channel: string;
  /** The name of the message, request or topic. */
  readonly method: string;
  /** The id of the connection in the server's log, where it has one. */
  readonly connection: string | undefined;
}

export interface ServiceOptions<
  Name extends string | undefined = string | undefined,
  Use extends readonly AnyMiddleware[] = readonly AnyMiddleware[],
> {
  /** The name of the route for `reverse`; none by default. */
  readonly name?: Name | undefined;
  /** Middleware for this channel alone, the outermost first, such as `[authenticate(…), rateLimit(…)]`. */
  readonly use?: Use | undefined;
  /**
   * The longest message that a client may send, in characters; 1,048,576 by default. The client is told this number. The
   * server's own `maxPayload` must be at least as large.
   */
  readonly maxMessage?: number | undefined;
  /** How long a request may run, in ms; 30,000 by default. */
  readonly requestTimeout?: number | undefined;
  /** How long a client may take to answer a request of the server, in ms; 15,000 by default. */
  readonly clientTimeout?: number | undefined;
  /** The store of replies to requests with an idempotency key; `memoryReplies()` by default. */
  readonly replies?: ReplyStore | undefined;
  /**
   * The owner of idempotency keys: users with the same owner share their keys. By default it is the user's `id` or `sub`,
   * otherwise the user as JSON; connections without a user share one owner.
   */
  readonly owner?: ((user: unknown) => string) | undefined;
  /**
   * Called with every error of a handler that is not sent to the client. By default it goes to the server's log, and to
   * standard error where the server has no log for it.
   */
  readonly onError?: ((error: unknown, info: FailureInfo) => void) | undefined;
}

/** The options of a channel with their defaults filled in. */
export interface ServiceLimits {
  readonly maxMessage: number;
  readonly requestTimeout: number;
  readonly clientTimeout: number;
  readonly replies: ReplyStore;
  readonly owner: (user: unknown) => string;
  readonly onError: ((error: unknown, info: FailureInfo) => void) | undefined;
}

const names = ["name", "use", "maxMessage", "requestTimeout", "clientTimeout", "replies", "owner", "onError"];

function checkWhole(name: string, value: number, most: number): void {
  if (Number.isInteger(value) && value >= 1 && value <= most) return;
  throw new TypeError(
    `implement: ${name}: expected a whole number from 1 to ${most}, got ${describeValue(value)}`,
  );
}

function ownerOf(user: unknown): string {
  const { id, sub } = Object(user) as { readonly id?: unknown; readonly sub?: unknown };
  const name = id ?? sub;
  return typeof name === "string" || typeof name === "number" ? String(name) : (JSON.stringify(user) ?? "");
}

/** @throws {TypeError} for an unknown option, or a value out of range. */
export function resolveOptions(given: ServiceOptions): ServiceLimits {
  const other = Object.keys(given).find((name) => !names.includes(name));
  if (other !== undefined) {
    throw new TypeError(`implement: unknown option ${describeValue(other)}: expected ${names.join(", ")}`);
  }
  const { maxMessage = 1_048_576, requestTimeout = 30_000, clientTimeout = 15_000 } = given;
  const { replies = memoryReplies(), owner = ownerOf, onError } = given;
  checkWhole("maxMessage", maxMessage, 2 ** 29 - 24);
  checkWhole("requestTimeout", requestTimeout, maxTimerDelay);
  checkWhole("clientTimeout", clientTimeout, maxTimerDelay);
  if (typeof replies.claim !== "function") {
    throw new TypeError(
      `implement: replies: expected a store, as memoryReplies(), got ${describeValue(replies)}`,
    );
  }
  for (const [name, value] of Object.entries({ owner, onError })) {
    if (typeof value === "function" || (name === "onError" && value === undefined)) continue;
    throw new TypeError(`implement: ${name}: expected a function, got ${describeValue(value)}`);
  }
  return { maxMessage, requestTimeout, clientTimeout, replies, owner, onError };
}
