import { CloseCode, type Middleware, type Receive, type Send, type WebSocketReceiveEvent } from "@ws/events";
import { forWebSocket } from "./for-web-socket.js";
import { hangUp } from "./hang-up.js";
import { payloadSize } from "./payload-size.js";
import { checkPositive } from "./positive.js";
import { TokenBucket } from "./token-bucket.js";

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
 * Limits what each client sends, by token buckets. A breach closes with 1008 `rate limit`, and the application
 * receives the disconnect next. It is measured when the application receives.
 *
 * @throws {TypeError} where neither limit is given, or a number is not above 0.
 */
export function rateLimit(options: RateLimitOptions): Middleware {
  checkOptions(options);
  return forWebSocket((application, scope, receive, send) =>
    application(scope, limited(receive, send, allowance(options)), send),
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

/** `receive` up to the breach; from then on there is nothing but the disconnect. */
function limited(
  receive: Receive,
  send: Send,
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
      await hangUp(send, CloseCode.PolicyViolation, "rate limit");
    }
  };
}
