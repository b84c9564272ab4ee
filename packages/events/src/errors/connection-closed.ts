import { BrandedError } from "./branded-error.js";
import { CloseCode, maxReasonBytes } from "./close-code.js";
import { printable } from "./printable.js";

/** Who ended a connection: this application, the client, the network between, or the server itself. */
export type CloseInitiator = "application" | "client" | "network" | "server";

/** How a connection ended. */
export interface CloseInfo {
  /** As in `websocket.disconnect`: the code of the peer, our own code, 1005 or 1006. */
  readonly code: number;
  readonly reason: string;
  /** Whether close frames were exchanged; false for a connection that was lost. RFC 6455 §7.1.4. */
  readonly wasClean: boolean;
  readonly initiator: CloseInitiator;
}

/** The end of a connection that was lost, without a close frame. RFC 6455 §7.1.5. */
export const lostConnection: CloseInfo = Object.freeze({
  code: CloseCode.AbnormalClosure,
  reason: "",
  wasClean: false,
  initiator: "network",
});

/**
 * The connection has ended. Every send and receive after that rejects with this error, and it is the reason of every signal
 * for the end. It is no mistake: an application need not catch it, and the server does not log it as an error.
 *
 * `code` is the close code. The stable string that other errors have as `code` is `errorCode` here.
 */
export class ConnectionClosed extends BrandedError implements CloseInfo {
  static override readonly kind: string = "@ws/events.ConnectionClosed";
  override readonly name: string = "ConnectionClosed";
  readonly errorCode = "ERR_WS_CONNECTION_CLOSED" as const;
  readonly code: number;
  readonly reason: string;
  readonly wasClean: boolean;
  readonly initiator: CloseInitiator;

  constructor(info: CloseInfo, options?: ErrorOptions) {
    const reason = info.reason === "" ? "" : `: ${printable(info.reason.slice(0, maxReasonBytes))}`;
    super(`the connection is closed (${info.code}${reason}), ended by the ${info.initiator}`, options);
    this.code = info.code;
    this.reason = info.reason;
    this.wasClean = info.wasClean;
    this.initiator = info.initiator;
  }
}
