import { type ApplicationState, CloseCode, type CloseInitiator } from "@ws/events";

/** How a connection is ended when neither the application nor the client has closed it. */
export interface Ending {
  /** The HTTP status with which a handshake is refused, where it has not been answered yet. */
  readonly status: number;
  /** The close code of an open connection, RFC 6455 §7.4; 1006 means that its socket is destroyed without a close frame. */
  readonly code: number;
  /** The reason in the close frame. The application is told it as well. */
  readonly reason: string;
  /** Who ended it, as the application is told. */
  readonly initiator: CloseInitiator;
  /**
   * Whether the peer failed or is gone. Then the application is told 1006, as after a lost connection, together with the
   * reason.
   */
  readonly isLost?: boolean;
  /** How long the socket may take to close, in ms; `closeTimeout` by default. */
  readonly grace?: number;
}

/**
 * An ending together with what the documentation says of it. Contract §5, `docs/endings.md` and its diagram are made from
 * these rows.
 */
interface EndingRow extends Ending {
  /** What happens, in the words with which its row of contract §5 begins. */
  readonly when: string;
  /** The states in which a connection can be ended for this cause. */
  readonly states: readonly ApplicationState[];
  /** What is logged. It is left out where nothing is logged, because the peer or the server's operator caused the end. */
  readonly logged?: string;
  /** What its row of contract §5 adds to the status, the close and the disconnect. */
  readonly note?: string;
}

type Told = Pick<EndingRow, "when" | "states" | "logged" | "note">;

/** How long a peer that failed has to take its close frame, in ms. */
const grace = 1_000;

const pending = ["connecting", "denying"] as const;
const always = [...pending, "connected"] as const;

function byApplication(status: number, code: CloseCode, told: Omit<Told, "states">): EndingRow {
  return { status, code, reason: "", initiator: "application", states: always, ...told };
}

/** The ending of an open connection whose peer fails. Its handshake was answered long ago, so the status is never used. */
function peerFailed(code: CloseCode, reason: string, told: Omit<Told, "states"> & Partial<Told>): EndingRow {
  return {
    status: 500,
    code,
    reason,
    initiator: "server",
    isLost: true,
    grace,
    states: ["connected"],
    ...told,
  };
}

/**
 * Why the server ends a connection: one row for each cause. It is a class so that the names of its fields are the causes.
 */
class Endings {
  readonly returned: EndingRow = byApplication(403, CloseCode.NormalClosure, {
    when: "the application returns and has not closed",
    logged: "a warning, where the handshake has no answer yet",
  });
  readonly threw: EndingRow = byApplication(500, CloseCode.InternalError, {
    when: "the application throws",
    logged: "an error, once, with the connection's id",
    note: "the reason is empty, whatever was thrown",
  });
  readonly untakenCall: EndingRow = byApplication(500, CloseCode.InternalError, {
    when: "a promise of ours rejects and nobody took it within a turn",
    logged: "an error, once, with path and call",
    note: "nothing is closed where the peer is gone already; the process and every other connection go on; whoever awaits the promise later still gets its error",
  });
  readonly contested: EndingRow = byApplication(500, CloseCode.InternalError, {
    when: "two listeners of a shared server take one upgrade",
    logged: "an error, once",
    note: "neither has it",
  });
  readonly refused: EndingRow = {
    status: 403,
    code: CloseCode.PolicyViolation,
    reason: "",
    initiator: "server",
    when: "the function that says which origins are allowed resolves to a refusal",
    states: ["connecting"],
    logged: "for debugging; the first of a kind as a warning",
    note: "the application is not called",
  };
  readonly shutdown: EndingRow = {
    status: 503,
    code: CloseCode.ServiceRestart,
    reason: "",
    initiator: "server",
    when: "the server shuts down, whose owner may choose another code and a reason",
    states: always,
    note: "a refused handshake has `Connection: close`; `draining` comes first, whose reason tells the window of the drain (`{ window }`, in ms), and the end at a moment of chance within the window; `waitUntil(promise)` of `websocket.draining` puts that off until the promise is settled, to the end of the window at most; terminated after the grace",
  };
  readonly acceptTimeout: EndingRow = {
    status: 503,
    code: CloseCode.AbnormalClosure,
    reason: "accept timeout",
    initiator: "server",
    isLost: true,
    when: "the application has not answered the handshake after `acceptTimeout`",
    states: pending,
    note: "a response that has begun is cut off",
  };
  readonly keepAliveTimeout: EndingRow = peerFailed(CloseCode.InternalError, "keepalive timeout", {
    when: "no answer to keep-alive",
  });
  readonly messageTimeout: EndingRow = peerFailed(CloseCode.PolicyViolation, "message timeout", {
    when: "a message is begun and not whole after `messageTimeout`",
  });
  readonly receiveTimeout: EndingRow = peerFailed(CloseCode.PolicyViolation, "receive timeout", {
    when: "the application takes nothing for `receiveTimeout`",
  });
  readonly slowConsumer: EndingRow = peerFailed(CloseCode.TryAgainLater, "slow consumer", {
    when: "the peer takes nothing for `sendTimeout`, or more is sent than anybody can await ([0006](decisions/0006-bounded-sends.md))",
    states: ["denying", "connected"],
    note: "a `send` that waits rejects with `ConnectionClosed`",
  });
  readonly pingFlood: EndingRow = peerFailed(CloseCode.AbnormalClosure, "ping flood", {
    when: "the peer sends pings without end, and reads nothing for `sendTimeout`",
  });
}

/** How the server ends a connection, for each cause. */
export const endings: Readonly<Endings> = new Endings();
