import type { TransparentMiddleware } from "@ws/events";
import { forWebSocket } from "./composing/for-web-socket.js";
import { type AccessEntry, describe, escapeText, formatEntry } from "./log/access-entry.js";
import { TrafficMeter } from "./log/traffic-meter.js";
import { checkFunctions } from "./options/check-functions.js";

export interface AccessLogOptions {
  /** Takes a line without a line break, and the same entry as an object. An error that it throws is ignored. */
  write(line: string, entry: AccessEntry): unknown;
}

/**
 * Writes one line when a WebSocket opens and another one when its application has ended; for a refused handshake only one
 * line. The lines never contain the query or a control character. It must be the outermost middleware, because it sees only
 * what passes through it.
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
