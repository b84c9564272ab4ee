import type { WireError } from "@ws/contract/wire";

/** What an error of a contract is: its name, and data of the schema that the contract gives it. */
export interface DeclaredError {
  readonly name: string;
  readonly data: unknown;
}

/** What a request was answered with in place of a result. Thrown by a handler it is such an answer. */
export class RequestError<E extends DeclaredError = DeclaredError> extends Error {
  readonly code = "ERR_WS_REQUEST";
  /** The name of an error that the contract declares, else `RequestError`. */
  override readonly name: E["name"];
  readonly data: E["data"];
  /** 1 for an error that the contract declares; else a code of JSON-RPC or of the protocol. */
  readonly status: number;
  /** What was asked. */
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
