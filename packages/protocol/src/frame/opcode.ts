/** The kinds of frames. RFC 6455 §5.2. */
export const Opcode = {
  Continuation: 0,
  Text: 1,
  Binary: 2,
  Close: 8,
  Ping: 9,
  Pong: 10,
} as const;

/** The longest header of a frame: two bytes, eight of length, four of mask. RFC 6455 §5.2. */
export const maxHeader = 14;

/** The longest payload of a close, ping or pong frame, in bytes. RFC 6455 §5.5. */
export const maxControlPayload = 125;

/** Whether an opcode is that of a close, ping or pong, or of a control frame that is not defined yet. */
export function isControl(opcode: number): boolean {
  return opcode >= Opcode.Close;
}
