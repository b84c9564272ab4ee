import type { Receive } from "./application.js";
import type { ReceiveEvent } from "./event.js";

/** Waits for one event. */
export interface EventWaiter {
  /**
   * Called once, at the moment when the event comes. Other functions of the server are on the stack, so it must not throw.
   */
  give(event: ReceiveEvent): void;
}

/**
 * Gives the events of one connection without a promise for each. A loop over messages uses it where nothing stands between
 * the loop and the server; everybody else calls `receive`, which gives the same events in the same order.
 */
export interface Inbox {
  /** The function that gives these events by promises. */
  readonly receive: Receive;
  /** The next event, if it has come, may be taken in this turn, and nobody else waits for it. */
  take(): ReceiveEvent | undefined;
  /** Waits for the next event, behind those who wait already. It may be called only after `take` gave none. */
  wait(waiter: EventWaiter): void;
}

/** The same in every copy of this package that is loaded, as with the errors. */
const symbol: unique symbol = Symbol.for("@ws/events.Inbox");

interface DirectReceive {
  [symbol]?: Inbox;
}

/** Makes the inbox available to everybody who has its `receive`. */
export function offerInbox(inbox: Inbox): void {
  (inbox.receive as DirectReceive)[symbol] = inbox;
}

/**
 * The inbox of a `receive`, where the server offers one. The `receive` of a middleware has none, even if it has all
 * properties of the one that it wraps, because the middleware may look at events, change them or hold them back.
 */
export function inboxOf(receive: Receive): Inbox | undefined {
  const inbox = (receive as DirectReceive)[symbol];
  return inbox?.receive === receive ? inbox : undefined;
}
