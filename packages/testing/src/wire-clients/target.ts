/** What a client under test tells of what comes to it. */
export type WireClientEvent =
  /** A message of the server. */
  | { readonly message: string; readonly params: unknown }
  /** A message of a topic. */
  | { readonly topic: string; readonly data: unknown }
  /** Messages of a topic that are missing, in their place. */
  | { readonly topic: string; readonly gap: WireClientGap }
  /** A subscription that the server has ended, or refused: with the code that it gave. */
  | { readonly topic: string; readonly ended: number }
  /** The client is closed, and does not come back. */
  | { readonly closed: true };

export interface WireClientGap {
  readonly reason: string;
  /** How many; `null` where that can't be told. */
  readonly missed: number | null;
}

/** How a request is made. */
export interface WireRequestOptions {
  /** Its idempotency key. */
  readonly key?: string;
  /** Gives it up, which cancels it. */
  readonly signal?: AbortSignal;
}

/** A client under test, connected by its target. To the server's request `confirm` it answers with what that was asked with. */
export interface WireClient {
  /** Sends a message. */
  send(name: string, params: object): unknown;
  /** Resolves with the result; rejects with an object that has the `code`, `message` and `data` of the error that came in its place. */
  request(name: string, params: object, options: WireRequestOptions): Promise<unknown>;
  subscribe(topic: string): unknown;
  unsubscribe(topic: string): unknown;
  close(): unknown;
}

/** What a client may do without: the tests of it are left out. */
export type WireClientAbility = "cancel" | "keys" | "drain";

/** A client in whatever language, and how it is started. */
export interface WireClientTarget {
  readonly name: string;
  readonly lacks?: readonly WireClientAbility[];
  /** Connects to `url`, and calls `tell` with what comes, in order. */
  open(url: string, tell: (event: WireClientEvent) => void): WireClient | Promise<WireClient>;
}
