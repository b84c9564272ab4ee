import type { GapReason } from "./gap-reason.js";

/** Identifies the request to which a reply belongs: a number, or the idempotency key of the request. */
export type Id = number | string;

/** A message without an answer. JSON-RPC 2.0 §4.1. */
export interface Notification {
  readonly jsonrpc: "2.0";
  readonly method: string;
  readonly params?: unknown;
}

/** A message that is answered once. JSON-RPC 2.0 §4. */
export interface Request extends Notification {
  readonly id: Id;
}

/** The answer to a request. JSON-RPC 2.0 §5. A result that is `undefined` is sent as `null`. */
export interface Reply {
  readonly jsonrpc: "2.0";
  readonly id: Id;
  readonly result: unknown;
}

/** An error. JSON-RPC 2.0 §5.1. */
export interface WireError {
  readonly code: number;
  /** A sentence; with the code 1, the name of an error that the contract declares. */
  readonly message: string;
  readonly data?: unknown;
}

/** The answer to a request that failed. JSON-RPC 2.0 §5.1. Where the request could not be read, the id is `null`. */
export interface ErrorReply {
  readonly jsonrpc: "2.0";
  readonly id: Id | null;
  readonly error: WireError;
}

/** The content of one text frame. */
export type Frame = Notification | Request | Reply | ErrorReply;

/** A member of a topic. */
export interface WireMember {
  readonly id: string;
  readonly as: unknown;
}

/** Messages that were not delivered, or may not have been. */
export interface WireGap {
  readonly topic: string;
  readonly reason: GapReason;
  /** How many messages are missing; `null` where that is unknown, and then it may be none. */
  readonly missed: number | null;
  /** The last position before the gap; `null` where there is none. */
  readonly after: string | null;
}

/** The parameters of the protocol's own methods. The methods of an application never begin with `$/`. */
export interface MethodParams {
  /** From the server: the first frame. */
  readonly "$/hello": {
    /** The longest message that the server accepts, in bytes of the frame's payload. */
    readonly maxMessage: number;
    /** In how many ms the token expires; absent where there is no token, or the token does not expire. */
    readonly expiresIn?: number;
    /** How many topics a connection may be subscribed to. */
    readonly topics: number;
  };
  /** From either side, as in LSP: the reply to that request is no longer needed. */
  readonly "$/cancelRequest": { readonly id: Id };
  /** From the client, as a request. */
  readonly "$/subscribe": {
    readonly topic: string;
    /** The position of the last message that the client has. */
    readonly from?: string;
    readonly presence?: boolean;
  };
  /**
   * From the client, as a request; nothing of the topic follows its reply. With `returning` the client is about to subscribe
   * again.
   */
  readonly "$/unsubscribe": { readonly topic: string; readonly returning?: boolean };
  /**
   * From the server: a message of a topic. Without `data` there is no message: only the position moves, and nothing is
   * missing.
   */
  readonly "$/event": { readonly topic: string; readonly at: string; readonly data?: unknown };
  /** From the server: messages are missing at this point. */
  readonly "$/gap": WireGap;
  /** From the server: the members of a topic. */
  readonly "$/presence":
    | { readonly topic: string; readonly members: readonly WireMember[]; readonly truncated?: true }
    | { readonly topic: string; readonly joined?: readonly WireMember[]; readonly left?: readonly string[] };
  /** From the server: the subscription has ended, and why. */
  readonly "$/ended": { readonly topic: string; readonly code: number; readonly message: string };
  /** From either side: a request that shows whether the other side is alive. It has no parameters. */
  readonly "$/ping": undefined;
  /** From the client, as a request: a new token of the same user. */
  readonly "$/authenticate": { readonly token: string };
  /**
   * From the server: it closes within so many ms. The client should connect elsewhere before that, at a moment of its
   * choice.
   */
  readonly "$/drain": { readonly within: number };
}

/** The results of the protocol's own requests. */
export interface MethodResults {
  readonly "$/subscribe": {
    /**
     * The position of the subscription: what follows the reply comes after this position. A topic in which nothing was
     * published has a position as well; `""` means that the engine does not know it.
     */
    readonly at: string;
    /** Whether every message after `from` came before this reply; `true` without a `from`. */
    readonly recovered: boolean;
    /** Whether a subscription can continue from a position. */
    readonly resumable: boolean;
  };
  readonly "$/unsubscribe": null;
  readonly "$/ping": null;
  readonly "$/authenticate": { readonly expiresIn?: number };
}
