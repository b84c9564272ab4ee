import type { WireError } from "@ws/contract/wire";

/** An error of a contract: its name, and data that match the contract's schema. */
export interface DeclaredError {
  readonly name: string;
  readonly data: unknown;
}

/** The answer to a request in place of a result. A handler that throws it answers with it. */
export class RequestError<E extends DeclaredError = DeclaredError> extends Error {
  readonly code = "ERR_WS_REQUEST";
  /** The name of an error that the contract declares; `RequestError` for any other. */
  override readonly name: E["name"];
  readonly data: E["data"];
  /** 1 for an error that the contract declares; otherwise a code of JSON-RPC or of the protocol. */
  readonly status: number;
  /** The name of the request. */
  readonly request: string | undefined;

  constructor(name: E["name"], data?: E["data"], message: string = name, status = 1, request?: string) {
    super(message);
    this.name = name;
    this.data = data;
    this.status = status;
    this.request = request;
  }
}

export function requestError({ code, message, data }: WireError, request?: string): RequestError {
  return new RequestError(code === 1 ? message : "RequestError", data, message, code, request);
}
