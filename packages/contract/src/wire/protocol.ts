/** The name of the protocol, which a client offers as a subprotocol and the server selects. */
export const subprotocol = "jsonrpc.topics.v1";

/** The limits of a connection. */
export const wireLimits = {
  /** To how many topics one connection may be subscribed. */
  topics: 256,
  /** How many requests of one connection run at a time. Above this number its socket is not read. */
  requests: 16,
  /** How many members a list contains. A longer list is `truncated`. */
  members: 1_000,
  /** How many malformed messages in a row close a connection with 1008. */
  malformed: 10,
  /** The longest name of a method, a topic or a key, in UTF-16 units. */
  name: 255,
} as const;
