/** The kind of failure, for programs: the error's code without `ERR_WS_`. */
export type Problem =
  | "CLOSED"
  | "CONNECTION_LOST"
  | "INVALID_MESSAGE"
  | "MESSAGE_TOO_BIG"
  | "NOT_SENT"
  | "NO_WEBSOCKET"
  | "OUTBOX_FULL"
  | "OVERFLOW"
  | "TIMEOUT"
  | "TOO_MANY_TOPICS";

/** Why a client could not do what it was asked to. The message is the code in words, followed by details. */
export class ClientError extends Error {
  readonly code: `ERR_WS_${Problem}`;
  /** Whether the server may have done it nevertheless: the request was sent, and no reply came. */
  readonly maybeDone: boolean;

  constructor(problem: Problem, details: unknown = "", maybeDone = false) {
    super(`${problem.toLowerCase().replaceAll("_", " ")} ${details}`);
    this.code = `ERR_WS_${problem}`;
    this.maybeDone = maybeDone;
  }
}
