import { CloseCode, maxTimerDelay, type Send, type TransparentMiddleware } from "@ws/events";
import { afterSend } from "./answering/after-send.js";
import { closeQuietly } from "./answering/close-quietly.js";
import { forWebSocket } from "./composing/for-web-socket.js";
import { checkPositive } from "./options/check-positive.js";

export interface TimeoutsOptions {
  /** How long after accept the application may wait for the first message, in ms; without limit by default. */
  readonly firstMessage?: number | undefined;
  /** How long the application may receive no message on an open connection, in ms; without limit by default. */
  readonly idle?: number | undefined;
  /** How long after accept a connection may last, in ms; without limit by default. */
  readonly maxAge?: number | undefined;
}

/**
 * Ends connections that are idle or old: it closes with 1001 and the reason `idle timeout` or `maximum age`; a connection on
 * which no message ever comes gets 1008 `first message timeout`. The application receives the disconnect. All times count
 * from accept.
 *
 * @throws {TypeError} for a time that is not above 0, or that is longer than a timer can be.
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
  /** When the last message or the accept came, in ms of `performance.now()`. */
  #touchedAt = 0;

  constructor(send: Send, times: TimeoutsOptions) {
    this.#send = send;
    this.#times = times;
  }

  start(): void {
    // An accept that nobody awaited may complete after the application has ended.
    if (this.#isStopped) return;
    const { firstMessage, idle, maxAge } = this.#times;
    this.#touchedAt = performance.now();
    this.#firstTimer = this.#set(firstMessage, CloseCode.PolicyViolation, "first message timeout");
    if (idle !== undefined) this.#watchIdle(idle, idle);
    this.#ageTimer = this.#set(maxAge, CloseCode.GoingAway, "maximum age");
  }

  /** A message came. The idle timer keeps running, because setting it again for each message would cost too much. */
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

  /**
   * Closes in `left` ms, unless a message comes meanwhile. In that case it checks again when that message is `idle` ms old.
   */
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
