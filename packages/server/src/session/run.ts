import { ConnectionClosed } from "@ws/events";
import { endings } from "./endings.js";
import type { Session } from "./session.js";

/** Is told the outcome of an application's call. Each method is called at most once, and `over` comes last. */
export interface RunListener {
  /** The application returned before it answered the handshake, and its client is still there. */
  unanswered(): void;
  /** The application threw or rejected with an error of its own. */
  failed(error: unknown): void;
  /** The application has ended, and so has its connection. */
  over(): void;
}

/**
 * The outcome of a call as a promise. An error that is thrown synchronously becomes a rejection, as `Promise.try` of ES2025
 * does it.
 */
function outcomeOf(call: () => Promise<void>): Promise<void> {
  try {
    return Promise.resolve(call());
  } catch (error) {
    return Promise.reject(error);
  }
}

/**
 * Calls an application for a connection, and ends the connection according to the outcome. It never throws. It is no async
 * function, because each connection would hold the memory of such a function while its application runs; decision 0021 has
 * the figures.
 */
export function run(call: () => Promise<void>, session: Session, listener: RunListener): void {
  const returned = (): void => {
    if (session.closeState === undefined && session.state !== "connected") listener.unanswered();
    session.end(endings.returned);
    listener.over();
  };
  const threw = (error: unknown): void => {
    // An application that rethrows the error of a connection that has ended has made no mistake.
    const isEnd = error instanceof ConnectionClosed && session.closeState !== undefined;
    if (!isEnd) listener.failed(error);
    // Where a promise was thrown by mistake instead of awaited, its own rejection must not end the process.
    if (error instanceof Promise) error.catch(() => {});
    session.end(endings.threw);
    listener.over();
  };
  outcomeOf(call).then(returned, threw);
}
