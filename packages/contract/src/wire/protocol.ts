/** The name of the protocol, which a client offers as a subprotocol and the server selects. */
export const subprotocol = "jsonrpc.topics.v1";

/** What a server holds a connection to. */
export const wireLimits = {
  /** Topics that one connection may be subscribed to. */
  topics: 256,
  /** Requests of one connection that run at a time; above, its socket is not read. */
  requests: 16,
  /** Members that a list of who is there holds; above, it is `truncated`. */
  members: 1_000,
  /** Malformed messages in a row that a connection may send; at this one it is closed with 1008. */
  malformed: 10,
  /** The longest name of a method, a topic or a key, in UTF-16 units. */
  name: 255,
} as const;
