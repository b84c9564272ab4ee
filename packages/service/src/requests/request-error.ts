import { errorCode, type WireError } from "@ws/contract/wire";
import type { InvalidMessage } from "@ws/events";

/**
 * An error with which a request is answered in place of a result. It is thrown inside this package, and by `fail` and
 * `deny`.
 */
export class RefusedRequest extends Error {
  override readonly name: string = "RefusedRequest";
  readonly wire: WireError;

  constructor(wire: WireError) {
    super(wire.message);
    this.wire = wire;
  }
}

/** An error that the handler chose by `fail`. Its data have not been validated yet. */
export class DeclaredError extends Error {
  override readonly name: string = "DeclaredError";
  readonly error: string;
  readonly data: unknown;

  constructor(error: string, data: unknown) {
    super(`the request fails with ${error}. Likely mistake: fail was called outside of its handler.`);
    this.error = error;
    this.data = data;
  }
}

export function refusal(code: number, message: string, data?: unknown): RefusedRequest {
  return new RefusedRequest({ code, message, ...(data !== undefined && { data }) });
}

/** The answer where the parameters do not match the contract. */
export function invalidParams({ message, issues }: InvalidMessage): RefusedRequest {
  return refusal(errorCode.invalidParams, message, { issues });
}

export const cancelled: WireError = { code: errorCode.cancelled, message: "cancelled" };
export const timedOut: WireError = { code: errorCode.cancelled, message: "timed out" };
export const idUnderWay: WireError = {
  code: errorCode.invalidRequest,
  message: "the id is that of a request under way",
};
export const otherInput: WireError = {
  code: errorCode.invalidRequest,
  message: "the key was used for another request",
};
