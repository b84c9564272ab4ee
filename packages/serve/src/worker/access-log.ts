import { subscribe } from "node:diagnostics_channel";
import { type HttpScope, printable } from "@ws/events";
import type { ConnectionCloseMessage, HandshakeRejectedMessage, Logger } from "@ws/server";

/** How much of a path is logged, in UTF-16 units. */
const maxPath = 1_024;

function pathOf(path: string): string {
  return printable(path.slice(0, maxPath));
}

/** Logs each connection when it ends, and each handshake that was refused. */
export function logConnections(logger: Logger): void {
  subscribe("ws.server.connection.close", (message) => {
    const { id, scope, code, reason, initiator, duration } = message as ConnectionCloseMessage;
    const client = scope.client?.host;
    logger.info("connection closed", {
      id,
      path: pathOf(scope.path),
      ...(client !== undefined && { client }),
      code,
      ...(reason !== "" && { reason: printable(reason) }),
      initiator,
      duration: Math.round(duration),
    });
  });
  subscribe("ws.server.handshake.rejected", (message) => {
    const { status, reason } = message as HandshakeRejectedMessage;
    logger.info("handshake refused", { status, reason });
  });
}

/** Logs a request that has been answered; `duration` is in ms. */
export function logRequest(
  logger: Logger,
  { method, path }: HttpScope,
  status: number,
  duration: number,
): void {
  logger.info("request", { method, path: pathOf(path), status, duration: Math.round(duration) });
}
