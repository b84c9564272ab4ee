import type { Receive, Send, TransparentMiddleware, WebSocketReceiveEvent, WebSocketScope } from "@ws/events";
import { closeCodeFor, speaksChannels } from "./answering/close-code-for.js";
import { closeQuietly } from "./answering/close-quietly.js";
import { forWebSocket } from "./composing/for-web-socket.js";
import { payloadSize } from "./counting/payload-size.js";
import { TokenBucket } from "./counting/token-bucket.js";
import { checkPositive } from "./options/check-positive.js";

/** At least one of `messages` and `bytes`. */
export interface RateLimitOptions {
  /** How many messages a client may send in `per` ms. */
  readonly messages?: number | undefined;
  /** How many bytes they may have together; one message above it is a breach in itself. */
  readonly bytes?: number | undefined;
  /** In ms; 1,000 by default. */
  readonly per?: number | undefined;
  /** How many times as much may come at once after a pause; 1 by default. */
  readonly burst?: number | undefined;
}

/**
 * Limits what each client sends, by token buckets. A breach closes with 1008 `rate limit`, or 4429 where the client
 * speaks `jsonrpc.topics.v1` and so knows that it may come back; the application receives the disconnect next. It is measured when the application receives.
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

/** Whether a message is still within what one connection may send. */
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

/** Closes for a breach. */
function breachOf(scope: WebSocketScope, send: Send, { per = 1_000 }: RateLimitOptions): () => Promise<void> {
  const wait = speaksChannels(scope) ? `; retry-after=${Math.ceil(per / 1_000)}` : "";
  return () => closeQuietly(send, closeCodeFor(scope, 429), `rate limit${wait}`);
}

/** `receive` up to the breach; from then on there is nothing but the disconnect. */
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
