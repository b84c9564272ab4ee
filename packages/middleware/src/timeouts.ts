import { CloseCode, type Middleware, type Send } from "@ws/events";
import { forWebSocket } from "./for-web-socket.js";
import { hangUp } from "./hang-up.js";
import { checkPositive } from "./positive.js";

export interface TimeoutsOptions {
  /** How long a connection may go without the application receiving a message, in ms; without limit by default. */
  readonly idle?: number | undefined;
  /** How long a connection may last since accept, in ms; without limit by default. */
  readonly maxAge?: number | undefined;
}

/** The longest time that a Node timer can hold, in ms; above it fires at once. */
const longest = 2_147_483_647;

/**
 * Ends connections that are idle or old: closes with 1001 and the reason `idle timeout` or `maximum age`. The
 * application receives the disconnect. Both times count from accept.
 *
 * @throws {TypeError} for a time that is not above 0, or longer than a timer can hold.
 */
export function timeouts({ idle, maxAge }: TimeoutsOptions): Middleware {
  checkPositive("timeouts.idle", idle, longest);
  checkPositive("timeouts.maxAge", maxAge, longest);
  return forWebSocket(async (application, scope, receive, send) => {
    const timers = new Timers(send, idle, maxAge);
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
  readonly #idle: number | undefined;
  readonly #maxAge: number | undefined;
  #idleTimer: Timer;
  #ageTimer: Timer;
  #isStopped = false;

  constructor(send: Send, idle: number | undefined, maxAge: number | undefined) {
    this.#send = send;
    this.#idle = idle;
    this.#maxAge = maxAge;
  }

  start(): void {
    // An accept that nobody awaited can come true after the application's end.
    if (this.#isStopped) return;
    this.#idleTimer = this.#set(this.#idle, "idle timeout");
    this.#ageTimer = this.#set(this.#maxAge, "maximum age");
  }

  /** A message came. */
  touch(): void {
    this.#idleTimer?.refresh();
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#idleTimer);
    clearTimeout(this.#ageTimer);
    // `refresh` would wake a timer that was cleared.
    this.#idleTimer = undefined;
  }

  #set(time: number | undefined, reason: string): Timer {
    if (time === undefined) return undefined;
    return setTimeout(() => {
      this.stop();
      void hangUp(this.#send, CloseCode.GoingAway, reason);
    }, time);
  }
}
