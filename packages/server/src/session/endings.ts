import { CloseCode, type CloseInitiator } from "@ws/events";

/** How a connection is ended that neither the application nor the client has closed. */
export interface Ending {
  /** The HTTP status of a handshake that has no answer yet. */
  readonly status: number;
  /** The close code of a connection that is open, RFC 6455 §7.4; 1006 where its socket is destroyed without a close frame. */
  readonly code: number;
  /** The reason of the close frame, which the application is told as well. */
  readonly reason: string;
  /** Who ended it, as the application is told. */
  readonly initiator: CloseInitiator;
  /** The peer is at fault, or gone: the application is told 1006, as after a lost connection, and the reason. */
  readonly isLost?: boolean;
  /** How long the socket may take to close, in ms; `closeTimeout` by default. */
  readonly grace?: number;
}

/** Why the server ends a connection. */
export type EndingCause =
  /** The application returned, and has not closed. */
  | "returned"
  /** The application threw. */
  | "threw"
  /** A call of the application failed, and nobody awaited it. */
  | "untakenCall"
  /** Two listeners of a shared server took one upgrade. */
  | "contested"
  /** The page of the client may not connect, which took time to find out. */
  | "refused"
  /** The server shuts down; its owner may choose another code and a reason. */
  | "shutdown"
  /** The application never answered the handshake. */
  | "acceptTimeout"
  /** The peer gave no sign of life after a ping. */
  | "keepAliveTimeout"
  /** The peer began a message and did not finish it. */
  | "messageTimeout"
  /** The application took nothing for longer than its peer may be paused. */
  | "receiveTimeout"
  /** The peer does not read what it is sent. */
  | "slowConsumer"
  /** The peer sends pings and reads no answer. */
  | "pingFlood";

/** How long a peer that failed has to take its close frame, in ms. */
const grace = 1_000;

function byApplication(status: number, code: CloseCode): Ending {
  return { status, code, reason: "", initiator: "application" };
}

/** The peer of an open connection fails: there is no handshake to answer any more. */
function peerFailed(code: CloseCode, reason: string): Ending {
  return { status: 500, code, reason, initiator: "server", isLost: true, grace };
}

/** How the server ends a connection, one row a cause. Contract §5; `docs/endings.md` is made from it. */
export const endings: Readonly<Record<EndingCause, Ending>> = {
  returned: byApplication(403, CloseCode.NormalClosure),
  threw: byApplication(500, CloseCode.InternalError),
  untakenCall: byApplication(500, CloseCode.InternalError),
  contested: byApplication(500, CloseCode.InternalError),
  refused: { status: 403, code: CloseCode.PolicyViolation, reason: "", initiator: "server" },
  shutdown: { status: 503, code: CloseCode.ServiceRestart, reason: "", initiator: "server" },
  acceptTimeout: {
    status: 503,
    code: CloseCode.AbnormalClosure,
    reason: "accept timeout",
    initiator: "server",
    isLost: true,
  },
  keepAliveTimeout: peerFailed(CloseCode.InternalError, "keepalive timeout"),
  messageTimeout: peerFailed(CloseCode.PolicyViolation, "message timeout"),
  receiveTimeout: peerFailed(CloseCode.PolicyViolation, "receive timeout"),
  slowConsumer: peerFailed(CloseCode.TryAgainLater, "slow consumer"),
  pingFlood: peerFailed(CloseCode.AbnormalClosure, "ping flood"),
};
