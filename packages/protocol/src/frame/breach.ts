import { CloseCode } from "@ws/events";

/** A rule that a peer broke: the close code that says so, and a sentence for the log. */
export interface Breach {
  readonly code: number;
  readonly reason: string;
}

/** The rules by name. */
export type BreachName =
  | "reservedBits"
  | "notMasked"
  | "masked"
  | "unknownOpcode"
  | "fragmentedControl"
  | "longControl"
  | "halfCloseCode"
  | "closeCode"
  | "continuationOfNothing"
  | "messageInMessage"
  | "tooBig"
  | "tooManyFragments"
  | "notUtf8"
  | "notDeflate";

const protocolError = (reason: string): Breach => ({ code: CloseCode.ProtocolError, reason });

/**
 * Every rule that a peer has to keep, in the order in which a frame is checked. The reasons begin with the words of `ws`,
 * because these are what people search a log for.
 */
export const breaches: Readonly<Record<BreachName, Breach>> = {
  /** RFC 6455 §5.2. */
  reservedBits: protocolError("RSV: a reserved bit is set that no extension gave a meaning"),
  /** RFC 6455 §5.1: a client masks every frame. */
  notMasked: protocolError("MASK must be set: a frame is not masked"),
  /** RFC 6455 §5.1: a server masks none. */
  masked: protocolError("MASK must be clear: a frame is masked"),
  /** RFC 6455 §5.2. */
  unknownOpcode: protocolError("invalid opcode: it has no meaning"),
  /** RFC 6455 §5.5. */
  fragmentedControl: protocolError("FIN must be set: a control frame is fragmented"),
  /** RFC 6455 §5.5. */
  longControl: protocolError("invalid payload length: a control frame is longer than 125 bytes"),
  /** RFC 6455 §5.5.1. */
  halfCloseCode: protocolError("invalid payload length 1: a close frame holds half a close code"),
  /** RFC 6455 §7.4. */
  closeCode: protocolError("invalid status code: a close code may not be sent"),
  /** RFC 6455 §5.4. */
  continuationOfNothing: protocolError("invalid opcode: a continuation frame continues no message"),
  /** RFC 6455 §5.4. */
  messageInMessage: protocolError("invalid opcode: a message begins within another"),
  /** RFC 6455 §10.4: an implementation may limit what it takes. */
  tooBig: { code: CloseCode.MessageTooBig, reason: "Max payload size exceeded" },
  tooManyFragments: { code: CloseCode.PolicyViolation, reason: "Too many message fragments" },
  /** RFC 6455 §8.1. */
  notUtf8: { code: CloseCode.InvalidPayload, reason: "invalid UTF-8 in a text" },
  /** RFC 7692 §7.2.2. Whoever inflates reports it, because the decoder does not inflate. */
  notDeflate: { code: CloseCode.InvalidPayload, reason: "invalid compressed data" },
};
