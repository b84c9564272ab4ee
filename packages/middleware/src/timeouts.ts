import { CloseCode, maxTimerDelay, type Send, type TransparentMiddleware } from "@ws/events";
import { afterSend } from "./answering/after-send.js";
import { closeQuietly } from "./answering/close-quietly.js";
import { forWebSocket } from "./composing/for-web-socket.js";
import { checkPositive } from "./options/check-positive.js";

export interface TimeoutsOptions {
  /** How long the application may wait for the first message, in ms since accept; without limit by default. */
  readonly firstMessage?: number | undefined;
  /** How long a connection may go without the application receiving a message, in ms; without limit by default. */
  readonly idle?: number | undefined;
  /** How long a connection may last since accept, in ms; without limit by default. */
  readonly maxAge?: number | undefined;
}

/**
 * Ends connections that are idle or old: closes with 1001 and the reason `idle timeout` or `maximum age`; and those
 * that never begin: 1008 `first message timeout`. The application receives the disconnect. All count from accept.
 *
 * @throws {TypeError} for a time that is not above 0, or longer than a timer can hold.
 */
export function timeouts(options: TimeoutsOptions): TransparentMiddleware {
  const { firstMessage, idle, maxAge } = options;
  checkPositive("timeouts.firstMessage", firstMessage, maxTimerDelay);
  checkPositive("timeouts.idle", idle, maxTimerDelay);
  checkPositive("timeouts.maxAge", maxAge, maxTimerDelay);
  return forWebSocket("timeouts(…)", async (application, scope, receive, send) => {
    const timers = new Timers(send, options);
    const timedReceive = async () => {
      const event = await receive();
      if (event.type === "websocket.receive") timers.touch();
      else if (event.type === "websocket.disconnect") timers.stop();
      return event;
    };
    const timedSend: Send = (event) =>
      event.type === "websocket.accept"
        ? afterSend(scope.extensions, send, event, () => timers.start())
        : send(event);
    try {
      await application(scope, timedReceive, timedSend);
    } finally {
      timers.stop();
    }
  });
}

type Timer = ReturnType<typeof setTimeout> | undefined;

/** The timers of one connection. */
class Timers {
  readonly #send: Send;
  readonly #times: TimeoutsOptions;
  #firstTimer: Timer;
  #idleTimer: Timer;
  #ageTimer: Timer;
  #isStopped = false;
  /** When the last message came, or the accept: in ms of `performance.now()`. */
  #touchedAt = 0;

  constructor(send: Send, times: TimeoutsOptions) {
    this.#send = send;
    this.#times = times;
  }

  start(): void {
    // An accept that nobody awaited can come true after the application's end.
    if (this.#isStopped) return;
    const { firstMessage, idle, maxAge } = this.#times;
    this.#touchedAt = performance.now();
    this.#firstTimer = this.#set(firstMessage, CloseCode.PolicyViolation, "first message timeout");
    if (idle !== undefined) this.#watchIdle(idle, idle);
    this.#ageTimer = this.#set(maxAge, CloseCode.GoingAway, "maximum age");
  }

  /** A message came. The idle timer runs on: it is not set anew for each message. */
  touch(): void {
    clearTimeout(this.#firstTimer);
    this.#touchedAt = performance.now();
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#firstTimer);
    clearTimeout(this.#idleTimer);
    clearTimeout(this.#ageTimer);
  }

  /** Closes in `left` ms, unless a message came meanwhile: then looks again when that one is `idle` ms old. */
  #watchIdle(idle: number, left: number): void {
    this.#idleTimer = setTimeout(() => {
      const next = this.#touchedAt + idle - performance.now();
      if (next > 0) this.#watchIdle(idle, next);
      else this.#close(CloseCode.GoingAway, "idle timeout");
    }, left);
  }

  #set(time: number | undefined, code: number, reason: string): Timer {
    if (time === undefined) return undefined;
    return setTimeout(() => this.#close(code, reason), time);
  }

  #close(code: number, reason: string): void {
    this.stop();
    void closeQuietly(this.#send, code, reason);
  }
}
