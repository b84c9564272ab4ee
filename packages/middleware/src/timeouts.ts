import { CloseCode, type Middleware, maxTimerDelay, type Send } from "@ws/events";
import { forWebSocket } from "./for-web-socket.js";
import { hangUp } from "./hang-up.js";
import { checkPositive } from "./positive.js";

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
export function timeouts(options: TimeoutsOptions): Middleware {
  const { firstMessage, idle, maxAge } = options;
  checkPositive("timeouts.firstMessage", firstMessage, maxTimerDelay);
  checkPositive("timeouts.idle", idle, maxTimerDelay);
  checkPositive("timeouts.maxAge", maxAge, maxTimerDelay);
  return forWebSocket(async (application, scope, receive, send) => {
    const timers = new Timers(send, options);
    const timedReceive = async () => {
      const event = await receive();
      if (event.type === "websocket.receive") timers.touch();
      else if (event.type === "websocket.disconnect") timers.stop();
      return event;
    };
    const timedSend: Send = async (event) => {
      await send(event);
      if (event.type === "websocket.accept") timers.start();
    };
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

  constructor(send: Send, times: TimeoutsOptions) {
    this.#send = send;
    this.#times = times;
  }

  start(): void {
    // An accept that nobody awaited can come true after the application's end.
    if (this.#isStopped) return;
    const { firstMessage, idle, maxAge } = this.#times;
    this.#firstTimer = this.#set(firstMessage, CloseCode.PolicyViolation, "first message timeout");
    this.#idleTimer = this.#set(idle, CloseCode.GoingAway, "idle timeout");
    this.#ageTimer = this.#set(maxAge, CloseCode.GoingAway, "maximum age");
  }

  /** A message came. */
  touch(): void {
    clearTimeout(this.#firstTimer);
    this.#idleTimer?.refresh();
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#firstTimer);
    clearTimeout(this.#idleTimer);
    clearTimeout(this.#ageTimer);
    // `refresh` would wake a timer that was cleared.
    this.#idleTimer = undefined;
  }

  #set(time: number | undefined, code: number, reason: string): Timer {
    if (time === undefined) return undefined;
    return setTimeout(() => {
      this.stop();
      void hangUp(this.#send, code, reason);
    }, time);
  }
}
