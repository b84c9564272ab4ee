import type { Middleware } from "@ws/events";
import { type AccessEntry, describe, escapeText, formatEntry } from "./access-entry.js";
import { forWebSocket } from "./for-web-socket.js";
import { Traffic } from "./traffic.js";

export interface AccessLogOptions {
  /** Takes a line, without a line break, and the same as an object. What it throws is ignored. */
  write(line: string, entry: AccessEntry): unknown;
}

/**
 * Writes a line when a WebSocket opens and one when its application has ended; one alone for a handshake that was
 * refused. Never the query, never a control character. It sees what passes through it, so it belongs outermost.
 */
export function accessLog({ write }: AccessLogOptions): Middleware {
  const log = (entry: AccessEntry): void => {
    try {
      write(formatEntry(entry), entry);
    } catch {
      // A log that fails must not end connections.
    }
  };
  return forWebSocket(async (application, scope, receive, send) => {
    const began = performance.now();
    const traffic = new Traffic(scope, receive, send, () => log({ event: "open", ...describe(scope) }));
    let hasThrown = true;
    try {
      await application(scope, traffic.receive, traffic.send);
      hasThrown = false;
    } finally {
      const duration = Math.round((performance.now() - began) * 10) / 10;
      log(lastEntry(traffic, hasThrown, duration, describe(scope)));
    }
  });
}

function lastEntry(
  traffic: Traffic,
  hasThrown: boolean,
  duration: number,
  shared: ReturnType<typeof describe>,
): AccessEntry {
  if (!traffic.isOpened) {
    return { event: "refused", ...shared, status: traffic.status(hasThrown), duration };
  }
  const { code, reason } = traffic.end(hasThrown);
  const { messagesReceived, bytesReceived, messagesSent, bytesSent } = traffic;
  return {
    event: "close",
    ...shared,
    code,
    reason: escapeText(reason),
    duration,
    messagesReceived,
    bytesReceived,
    messagesSent,
    bytesSent,
  };
}
