/**
 * RFC 6455 without input and output: decoding the bytes of a WebSocket connection, and encoding frames and handshakes. It
 * uses no socket, no clock and no application, so that a server, a client or a proxy can be built on it.
 *
 * @module
 */

export { type DecoderLimits, maxTextBytes } from "./decode/decoder-limits.js";
export { FrameDecoder } from "./decode/frame-decoder.js";
export type { FrameSink } from "./decode/frame-sink.js";
export { decodeText } from "./decode/text.js";
export { type Breach, type BreachName, breaches } from "./frame/breach.js";
export {
  encodeClose,
  encodeFrame,
  encodePing,
  encodePong,
  frameLength,
  maxFrameLength,
  writeFrame,
} from "./frame/frame-encoder.js";
export { acceptKey } from "./handshake/accept-key.js";
export {
  acceptDeflate,
  type DeflateAgreement,
  type DeflatePreferences,
} from "./handshake/deflate-negotiation.js";
export { type ExtensionOffer, readExtensionOffers } from "./handshake/extension-offers.js";
export { type HandshakeAnswer, handshakeResponse } from "./handshake/handshake-response.js";
