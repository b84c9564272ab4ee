import type { Receive, Send, TransparentMiddleware, WebSocketReceiveEvent, WebSocketScope } from "@ws/events";
import { closeCodeFor, speaksChannels } from "./answering/close-code-for.js";
import { closeQuietly } from "./answering/close-quietly.js";
import { forWebSocket } from "./composing/for-web-socket.js";
import { payloadSize } from "./counting/payload-size.js";
import { TokenBucket } from "./counting/token-bucket.js";
import { checkPositive } from "./options/check-positive.js";

/** At least one of `messages` and `bytes` must be given. */
export interface RateLimitOptions {
  /** How many messages a client may send in `per` ms. */
  readonly messages?: number | undefined;
  /** How many bytes these messages may have together. A single message above this number already exceeds the limit. */
  readonly bytes?: number | undefined;
  /** The period in ms; 1,000 by default. */
  readonly per?: number | undefined;
  /** How many times the limit may come at once after a pause; 1 by default. */
  readonly burst?: number | undefined;
}

/**
 * Limits what each client sends, by token buckets. A client that exceeds a limit is closed with 1008 `rate limit`, or with
 * 4429 where it speaks `jsonrpc.topics.v1`, because such a client then knows that it may come back. The application receives
 * the disconnect next. Messages count at the moment when the application receives them.
 *
 * @throws {TypeError} where neither limit is given, or a number is not above 0.
 */
export function rateLimit(options: RateLimitOptions): TransparentMiddleware {
  checkOptions(options);
  return forWebSocket("rateLimit(…)", (application, scope, receive, send) =>
    application(scope, limited(receive, breachOf(scope, send, options), allowance(options)), send),
  );
}

function checkOptions({ messages, bytes, per, burst }: RateLimitOptions): void {
  for (const [name, value] of Object.entries({ messages, bytes, per, burst })) {
    checkPositive(`rateLimit.${name}`, value);
  }
  if (messages === undefined && bytes === undefined) {
    throw new TypeError("rateLimit: expected messages, bytes or both, got neither");
  }
}

/** Whether a message is within the limits of its connection. */
function allowance(options: RateLimitOptions): (event: WebSocketReceiveEvent) => boolean {
  const { messages, bytes, per = 1_000, burst = 1 } = options;
  const start = performance.now();
  const messageBucket = messages && new TokenBucket(messages, per, burst, start);
  const byteBucket = bytes && new TokenBucket(bytes, per, burst, start);
  return (event) => {
    const now = performance.now();
    if (messageBucket && !messageBucket.take(1, now)) return false;
    return !byteBucket || byteBucket.take(payloadSize(event), now);
  };
}

/** Closes a connection that exceeded a limit. */
function breachOf(scope: WebSocketScope, send: Send, { per = 1_000 }: RateLimitOptions): () => Promise<void> {
  const wait = speaksChannels(scope) ? `; retry-after=${Math.ceil(per / 1_000)}` : "";
  return () => closeQuietly(send, closeCodeFor(scope, 429), `rate limit${wait}`);
}

/** `receive` up to the message that exceeds a limit. After that it gives only the disconnect. */
function limited(
  receive: Receive,
  breach: () => Promise<void>,
  isAllowed: (event: WebSocketReceiveEvent) => boolean,
): Receive {
  let isBreached = false;
  return async () => {
    for (;;) {
      const event = await receive();
      if (event.type !== "websocket.receive") return event;
      if (isBreached) continue;
      if (isAllowed(event)) return event;
      isBreached = true;
      await breach();
    }
  };
}
