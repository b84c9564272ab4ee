import type { Receive } from "./application.js";
import type { ReceiveEvent } from "./event.js";

/** Waits for one event. */
export interface EventWaiter {
  /** Is called once, at the moment the event comes, with other handlers of the host on the stack: it throws nothing. */
  give(event: ReceiveEvent): void;
}

/**
 * The events of one connection without a promise for each. A loop over messages takes them from here where nothing stands
 * between it and the server; everybody else calls `receive`, which gives the same events in the same order.
 */
export interface Inbox {
  /** The function that gives these events by promises. */
  readonly receive: Receive;
  /** The next event, if it is there and may be taken in this turn, and nobody else waits for it. */
  take(): ReceiveEvent | undefined;
  /** Waits for the next event behind those who wait already; only to be called when `take` gave none. */
  wait(waiter: EventWaiter): void;
}

/** Known in every copy of this package that is loaded, as the errors are. */
const symbol: unique symbol = Symbol.for("@ws/events.Inbox");

interface DirectReceive {
  [symbol]?: Inbox;
}

/** Makes the inbox known to who is given its `receive`. */
export function offerInbox(inbox: Inbox): void {
  (inbox.receive as DirectReceive)[symbol] = inbox;
}

/**
 * The inbox behind a `receive`, where a server offers one. A middleware's own `receive` has none, even if it carries all
 * properties of the one that it wraps: what it sees, changes or holds back must not be passed by.
 */
export function inboxOf(receive: Receive): Inbox | undefined {
  const inbox = (receive as DirectReceive)[symbol];
  return inbox?.receive === receive ? inbox : undefined;
}
