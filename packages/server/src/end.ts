import { type CloseInfo, type CloseInitiator, ConnectionClosed } from "@ws/events";

/** How a connection ended. Its error, which costs a stack, is made when somebody asks for it, and is one for all. */
export class End implements CloseInfo {
  readonly code: number;
  readonly reason: string;
  readonly wasClean: boolean;
  readonly initiator: CloseInitiator;
  #error: ConnectionClosed | undefined;

  constructor({ code, reason, wasClean, initiator }: CloseInfo) {
    this.code = code;
    this.reason = reason;
    this.wasClean = wasClean;
    this.initiator = initiator;
  }

  get error(): ConnectionClosed {
    this.#error ??= new ConnectionClosed(this);
    return this.#error;
  }

  /** For a send that comes too late. */
  reject(): Promise<void> {
    const rejected = Promise.reject<void>(this.error);
    // Fire and forget is legal: a connection that ended must not end the process.
    rejected.catch(() => {});
    return rejected;
  }
}
