import type { TransparentMiddleware } from "@ws/events";
import { forWebSocket } from "./composing/for-web-socket.js";
import { type AccessEntry, describe, escapeText, formatEntry } from "./log/access-entry.js";
import { TrafficMeter } from "./log/traffic-meter.js";
import { checkFunctions } from "./options/check-functions.js";

export interface AccessLogOptions {
  /** Takes a line, without a line break, and the same as an object. What it throws is ignored. */
  write(line: string, entry: AccessEntry): unknown;
}

/**
 * Writes a line when a WebSocket opens and one when its application has ended; one alone for a handshake that was
 * refused. Never the query, never a control character. It sees what passes through it, so it belongs outermost.
 *
 * @throws {TypeError} where `write` is no function.
 */
export function accessLog(options: AccessLogOptions): TransparentMiddleware {
  checkFunctions("accessLog", options, ["write"]);
  const { write } = options;
  const log = (entry: AccessEntry): void => {
    try {
      write(formatEntry(entry), entry);
    } catch {
      // A log that fails must not end connections.
    }
  };
  return forWebSocket("accessLog(…)", async (application, scope, receive, send) => {
    const began = performance.now();
    const meter = new TrafficMeter(scope, receive, send, () => log({ event: "open", ...describe(scope) }));
    let hasThrown = true;
    try {
      await application(scope, meter.receive, meter.send);
      hasThrown = false;
    } finally {
      const duration = Math.round((performance.now() - began) * 10) / 10;
      log(lastEntry(meter, hasThrown, duration, describe(scope)));
    }
  });
}

function lastEntry(
  meter: TrafficMeter,
  hasThrown: boolean,
  duration: number,
  shared: ReturnType<typeof describe>,
): AccessEntry {
  if (!meter.isOpened) {
    return { event: "refused", ...shared, status: meter.status(hasThrown), duration };
  }
  const { code, reason } = meter.end(hasThrown);
  const { messagesReceived, bytesReceived, messagesSent, bytesSent } = meter;
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
