import type { GapReason } from "./gap-reason.js";

/** Whose reply a reply is: a number, or the idempotency key that the request was made with. */
export type Id = number | string;

/** A message that nobody answers. JSON-RPC 2.0 §4.1. */
export interface Notification {
  readonly jsonrpc: "2.0";
  readonly method: string;
  readonly params?: unknown;
}

/** A message that is answered once. JSON-RPC 2.0 §4. */
export interface Request extends Notification {
  readonly id: Id;
}

/** JSON-RPC 2.0 §5. A result that is `undefined` travels as `null`. */
export interface Reply {
  readonly jsonrpc: "2.0";
  readonly id: Id;
  readonly result: unknown;
}

/** What is wrong. JSON-RPC 2.0 §5.1. */
export interface WireError {
  readonly code: number;
  /** A sentence; with the code 1 the name of an error that the contract declares. */
  readonly message: string;
  readonly data?: unknown;
}

/** JSON-RPC 2.0 §5.1. Where the request could not be read, the id is `null`. */
export interface ErrorReply {
  readonly jsonrpc: "2.0";
  readonly id: Id | null;
  readonly error: WireError;
}

/** What one text frame holds. */
export type Frame = Notification | Request | Reply | ErrorReply;

/** One who joined a topic. */
export interface WireMember {
  readonly id: string;
  readonly as: unknown;
}

/** Messages that were not delivered, or may not have been. */
export interface WireGap {
  readonly topic: string;
  readonly reason: GapReason;
  /** How many; `null` where that can't be told, and then it may be none. */
  readonly missed: number | null;
  /** The last position before them; `null` where there is none. */
  readonly after: string | null;
}

/** The parameters of the protocol's own methods. The names of an application's never begin with `$/`. */
export interface MethodParams {
  /** Server: the first frame. */
  readonly "$/hello": {
    /** The longest message that the server takes, in bytes of its frame's payload. */
    readonly maxMessage: number;
    /** In how many ms the token ends; absent where it does not, or there is none. */
    readonly expiresIn?: number;
    /** As many topics a connection may be subscribed to. */
    readonly topics: number;
  };
  /** Either side, from LSP: the reply to that request is no longer waited for. */
  readonly "$/cancelRequest": { readonly id: Id };
  /** Client: a request. */
  readonly "$/subscribe": {
    readonly topic: string;
    /** The position of the last message that the client has. */
    readonly from?: string;
    readonly presence?: boolean;
  };
  /** Client: a request, behind whose reply nothing of the topic comes. `returning`: it is subscribed to again soon. */
  readonly "$/unsubscribe": { readonly topic: string; readonly returning?: boolean };
  /** Server: a message of a topic. Without `data` it is none: the position moves, and nothing is missing. */
  readonly "$/event": { readonly topic: string; readonly at: string; readonly data?: unknown };
  /** Server: messages are missing here. */
  readonly "$/gap": WireGap;
  /** Server: who is there. */
  readonly "$/presence":
    | { readonly topic: string; readonly members: readonly WireMember[]; readonly truncated?: true }
    | { readonly topic: string; readonly joined?: readonly WireMember[]; readonly left?: readonly string[] };
  /** Server: the subscription is over, and why. */
  readonly "$/ended": { readonly topic: string; readonly code: number; readonly message: string };
  /** Either side: a request that proves that the other one lives. It has no parameters. */
  readonly "$/ping": undefined;
  /** Client: a request, with a new token for the same user. */
  readonly "$/authenticate": { readonly token: string };
  /** Server: it closes within so many ms; the client had better go elsewhere at a moment of its own choice before. */
  readonly "$/drain": { readonly within: number };
}

/** The results of the protocol's own requests. */
export interface MethodResults {
  readonly "$/subscribe": {
    /**
     * Where the subscription stands: what comes behind the reply follows this position. A topic in which nothing was published has
     * one too; `""` is that the engine can't tell.
     */
    readonly at: string;
    /** Whether all after `from` came before this reply; `true` without a `from`. */
    readonly recovered: boolean;
    /** Whether the topic can be joined again from a position. */
    readonly resumable: boolean;
  };
  readonly "$/unsubscribe": null;
  readonly "$/ping": null;
  readonly "$/authenticate": { readonly expiresIn?: number };
}
