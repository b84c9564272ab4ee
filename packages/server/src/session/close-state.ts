import { type CloseInfo, type CloseInitiator, ConnectionClosed } from "@ws/events";

/**
 * How a connection ended. All calls reject with the same error, which is made when it is first read, because recording a
 * stack costs time.
 */
export class CloseState implements CloseInfo {
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
}
