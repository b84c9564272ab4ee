/** What bounds a connection; every number that limits something stands here once. */
export interface Limits {
  /**
   * The longest message, in bytes, after decompression; at most what V8 can hold as a string, 536,870,888 in Node 20.
   * Above: close 1009.
   */
  readonly maxPayload: number;
  /** The most fragments of one message. Above: close 1008. */
  readonly maxFragments: number;
  /** What is held while the application doesn't receive; then the socket is paused, and resumed at half. */
  readonly receiveQueue: { readonly messages: number; readonly bytes: number };
  /** How long the application may leave its peer paused, in ms; 0 for ever. Then: close 1008. */
  readonly receiveTimeout: number;
  /** The high-water mark of what was sent, in bytes: above it, `send` waits. */
  readonly sendBuffer: number;
  /** How long the buffer may stay above its mark, in ms. Then: close 1013. */
  readonly sendTimeout: number;
  /** How often the peer is asked for a sign of life, in ms; 0 never. */
  readonly pingInterval: number;
  /** How long it may take to give one, in ms. Then: close 1011. */
  readonly pingTimeout: number;
  /** How long one message may take from its first byte to its last, in ms; 0 for ever. Then: close 1008. */
  readonly messageTimeout: number;
  /** How long the application may take to answer the handshake, in ms. Then: 503. */
  readonly acceptTimeout: number;
  /** How long the peer may take to answer a close frame, in ms. */
  readonly closeTimeout: number;
}
