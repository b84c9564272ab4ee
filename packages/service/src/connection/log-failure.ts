import type { ConnectionExtension } from "@ws/events";
import type { FailureInfo } from "../channel/options.js";

/** Writes the error of a handler to the server's log; to standard error where the server offers none. */
export function logFailure(
  server: ConnectionExtension | undefined,
  error: unknown,
  { channel, method, connection }: FailureInfo,
): void {
  if (server?.logError !== undefined) server.logError("a handler failed", error, { channel, method });
  // biome-ignore lint/suspicious/noConsole: nothing is lost unnoticed, also on a server without a log.
  else console.error(`@ws/service: ${method} failed; channel=${channel} id=${connection}`, error);
}
