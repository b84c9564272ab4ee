import { ConnectionClosed } from "@ws/events";
import { endings } from "./endings.js";
import type { Session } from "./session.js";

/** What the outcome of an application's call is told to; each at most once, and `over` last. */
export interface RunListener {
  /** It returned before it answered the handshake, and its client has not gone. */
  unanswered(): void;
  /** It threw, or rejected, with an error that is its own. */
  failed(error: unknown): void;
  /** Nothing of it runs any more, and its connection has ended. */
  over(): void;
}

/** What a call comes to; an error that it throws at once is a rejection, as of `Promise.try` of ES2025. */
function outcomeOf(call: () => Promise<void>): Promise<void> {
  try {
    return Promise.resolve(call());
  } catch (error) {
    return Promise.reject(error);
  }
}

/**
 * Calls an application for a connection, and ends the connection as the outcome says. Never throws. This is no async
 * function: while the application runs, each connection would hold what such a function holds.
 */
export function run(call: () => Promise<void>, session: Session, listener: RunListener): void {
  const returned = (): void => {
    if (session.closeState === undefined && session.state !== "connected") listener.unanswered();
    session.end(endings.returned);
    listener.over();
  };
  const threw = (error: unknown): void => {
    // An application that throws the error of a connection that ended has made no mistake.
    const isEnd = error instanceof ConnectionClosed && session.closeState !== undefined;
    if (!isEnd) listener.failed(error);
    // A promise that was thrown where it should have been awaited may reject too: that must not end the process.
    if (error instanceof Promise) error.catch(() => {});
    session.end(endings.threw);
    listener.over();
  };
  outcomeOf(call).then(returned, threw);
}
