import { channel } from "node:diagnostics_channel";
import type { CloseInfo, Scope, WebSocketScope } from "@ws/events";
import type { RejectionDetails } from "../http/request/rejection.js";

/** A connection is open. Channel `ws.server.connection.open`. */
export interface ConnectionOpenMessage {
  readonly id: string;
  readonly scope: WebSocketScope;
}

/** A connection has ended. `duration` is the time since its handshake in ms. Channel `ws.server.connection.close`. */
export interface ConnectionCloseMessage extends CloseInfo {
  readonly id: string;
  readonly scope: WebSocketScope;
  readonly duration: number;
}

/** An application threw. Channel `ws.server.connection.error`. */
export interface ConnectionErrorMessage {
  readonly id: string;
  readonly scope: Scope;
  readonly error: unknown;
}

/**
 * A handshake was refused before any application ran. `origin`, `host` and `hint` are there where one of these was the
 * reason. Channel `ws.server.handshake.rejected`.
 */
export interface HandshakeRejectedMessage extends RejectionDetails {
  readonly status: number;
  readonly reason: string;
}

/** A server begins to shut down. Channel `ws.server.draining`. */
export interface DrainingMessage {
  readonly connections: number;
}

interface Messages {
  "ws.server.connection.open": ConnectionOpenMessage;
  "ws.server.connection.close": ConnectionCloseMessage;
  "ws.server.connection.error": ConnectionErrorMessage;
  "ws.server.handshake.rejected": HandshakeRejectedMessage;
  "ws.server.draining": DrainingMessage;
}

const channels = {
  "ws.server.connection.open": channel("ws.server.connection.open"),
  "ws.server.connection.close": channel("ws.server.connection.close"),
  "ws.server.connection.error": channel("ws.server.connection.error"),
  "ws.server.handshake.rejected": channel("ws.server.handshake.rejected"),
  "ws.server.draining": channel("ws.server.draining"),
} as const;

/** Publishes on `node:diagnostics_channel`. Without a subscriber it costs almost nothing. */
export function publish<Name extends keyof Messages>(name: Name, message: Messages[Name]): void {
  channels[name].publish(message);
}
