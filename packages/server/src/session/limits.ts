/** What bounds a connection; every number that limits something stands here once. */
export interface Limits {
  /**
   * The longest message, after decompression. Above: close 1009. In bytes; by default 1 MiB; at most 536,870,888 bytes, the
   * longest string of V8.
   */
  readonly maxPayload: number;
  /** The most fragments of one message. Above: close 1008. 1,024 by default. */
  readonly maxFragments: number;
  /** What is held while the application does not receive, bounded twice. */
  readonly receiveQueue: {
    /**
     * The most messages that are held while the application does not receive. Above: the peer is paused, and resumed at
     * half. 32 by default.
     */
    readonly messages: number;
    /**
     * The most memory that these messages take. Above: the peer is paused, and resumed at half. Each counts for what it
     * takes in memory: 40 bytes more for a text, 256 for bytes. In bytes; 1 MiB by default.
     */
    readonly bytes: number;
  };
  /**
   * How long the application may leave its peer paused; 0 is for ever. Then: close 1008. The socket is destroyed within 1 s.
   * In ms; off by default.
   */
  readonly receiveTimeout: number;
  /**
   * The high-water mark of what was sent and the peer has not read. Above: `send` waits. More than 16 sends that come to
   * wait in later turns are a slow consumer. In bytes; 1 MiB by default.
   */
  readonly sendBuffer: number;
  /**
   * How long the buffer may stay above its mark. Then: close 1013. The socket is destroyed within 1 s. A client that takes
   * nothing of its HTTP response for so long is cut off. In ms; 30 s by default.
   */
  readonly sendTimeout: number;
  /** After how much silence the peer is pinged; 0 is never. Any byte counts as a sign of life. In ms; 20 s by default. */
  readonly pingInterval: number;
  /**
   * How long the peer may take to give a sign of life after a ping. Then: close 1011. The socket is destroyed within 1 s. In
   * ms; 20 s by default.
   */
  readonly pingTimeout: number;
  /**
   * How long one message may take from its first byte to its last; 0 is for ever. Then: close 1008. The socket is destroyed
   * within 1 s. In ms; 60 s by default.
   */
  readonly messageTimeout: number;
  /** How long the application may take to answer the handshake. Then: 503. In ms; 10 s by default. */
  readonly acceptTimeout: number;
  /** How long the peer may take to answer a close frame. Then: the socket is destroyed. In ms; 5 s by default. */
  readonly closeTimeout: number;
}
