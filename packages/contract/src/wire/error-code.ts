/** The error codes of replies. Sources: JSON-RPC 2.0 §5.1; LSP for -32800; the others are ours. */
export const errorCode = {
  /** The frame was no JSON. */
  parse: -32700,
  /** The frame was JSON but no message of JSON-RPC, or a key was used again with another input. */
  invalidRequest: -32600,
  /** There is no such method. */
  methodNotFound: -32601,
  /** The parameters do not match the contract; `data.issues` contains the first 8 issues. */
  invalidParams: -32602,
  /** The server failed. Details are not sent. */
  internal: -32603,
  /** The request was cancelled. */
  cancelled: -32800,
  /** A limit is reached. */
  limit: -32000,
  /** This user may not use this topic or request. */
  notAllowed: -32001,
  /** An error that the contract declares; its name is in `message`. */
  declared: 1,
} as const;

export type ErrorCode = (typeof errorCode)[keyof typeof errorCode];
