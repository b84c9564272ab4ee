/** The codes of errors that a request is answered with. Sources: JSON-RPC 2.0 §5.1; LSP for -32800; the rest is ours. */
export const errorCode = {
  /** The frame was no JSON. */
  parse: -32700,
  /** It was JSON, but no message of JSON-RPC; or a key was used again with another input. */
  invalidRequest: -32600,
  /** There is no such method. */
  methodNotFound: -32601,
  /** The parameters are not what the contract expects; `data.issues` holds the first 8. */
  invalidParams: -32602,
  /** The server failed, and says no more. */
  internal: -32603,
  /** The request was cancelled. */
  cancelled: -32800,
  /** A limit is reached. */
  limit: -32000,
  /** This topic or request is not for this user. */
  notAllowed: -32001,
  /** An error that the contract declares; its name is the `message`. */
  declared: 1,
} as const;

export type ErrorCode = (typeof errorCode)[keyof typeof errorCode];
