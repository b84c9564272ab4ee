/** The close codes by name. Source: RFC 6455 §7.4.1 and the IANA WebSocket Close Code registry. */
export const CloseCode = {
  NormalClosure: 1000,
  GoingAway: 1001,
  ProtocolError: 1002,
  UnsupportedData: 1003,
  /** Never on the wire: the close frame had no code. */
  NoStatusReceived: 1005,
  /** Never on the wire: there was no close frame. */
  AbnormalClosure: 1006,
  InvalidPayload: 1007,
  PolicyViolation: 1008,
  MessageTooBig: 1009,
  MandatoryExtension: 1010,
  InternalError: 1011,
  ServiceRestart: 1012,
  TryAgainLater: 1013,
  BadGateway: 1014,
  /** Never on the wire: the TLS handshake failed. */
  TlsHandshake: 1015,
} as const;

export type CloseCode = (typeof CloseCode)[keyof typeof CloseCode];

/** The longest close reason in bytes of UTF-8: the 125 bytes of a control frame without the 2 of the code. RFC 6455 §5.5. */
export const maxReasonBytes = 123;

/**
 * Whether `code` may be sent in a close frame: 1000–1003, 1007–1014 and 3000–4999.
 * Source: RFC 6455 §7.4.2.
 */
export function isSendableCloseCode(code: number): boolean {
  if (!Number.isInteger(code)) return false;
  if (code >= 3000) return code <= 4999;
  if (code >= 1007) return code <= 1014;
  return code >= 1000 && code <= 1003;
}
