/** What went wrong, for programs: the error's code without `ERR_WS_`. */
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

/** Why a client could not do what it was asked to. Its message is its code in words, and the details behind that. */
export class ClientError extends Error {
  readonly code: `ERR_WS_${Problem}`;
  /** Whether the server may have done what was asked all the same: it was sent, and no reply came. */
  readonly maybeDone: boolean;

  constructor(problem: Problem, details: unknown = "", maybeDone = false) {
    super(`${problem.toLowerCase().replaceAll("_", " ")} ${details}`);
    this.code = `ERR_WS_${problem}`;
    this.maybeDone = maybeDone;
  }
}
