import type { WebSocketSendEvent } from "./event.js";
import { ProtocolError } from "./protocol-error.js";
import { sendEventProblem } from "./structure.js";

/**
 * A `websocket.send` that was checked once and is framed once, however many sockets it goes to. It is sent like
 * any other event. Made by `prepare`.
 */
export class PreparedEvent {
  readonly type = "websocket.send" as const;
  readonly text: string | undefined;
  readonly bytes: Uint8Array | undefined;
  /** The unmasked, uncompressed frame of RFC 6455 §5.2, kept by the first transport that made it. */
  frame: Uint8Array | undefined = undefined;
  /**
   * Frames whose payload is compressed without the context of another message (RFC 7692 §7.2.1), by the window's size as
   * a power of two; where that gains nothing, the frame as it is. Kept by the first transport that made them.
   */
  deflated: Map<number, Uint8Array> | undefined = undefined;

  constructor(event: WebSocketSendEvent) {
    this.text = event.text;
    // Not `slice`: that of a Node `Buffer` shares its memory.
    this.bytes = event.bytes && new Uint8Array(event.bytes);
  }
}

/**
 * Prepares a message for many receivers. Bytes are copied, so that a later change of theirs changes nothing.
 *
 * @throws {ProtocolError} `ERR_WS_EVENT_INVALID` for anything but a well-formed `websocket.send`.
 */
export function prepare(event: WebSocketSendEvent): WebSocketSendEvent {
  const problem = sendEventProblem(event);
  if (problem !== undefined) throw new ProtocolError("ERR_WS_EVENT_INVALID", problem);
  if (event.type !== "websocket.send") {
    throw new ProtocolError("ERR_WS_EVENT_INVALID", "prepare: expected websocket.send, got another event");
  }
  return new PreparedEvent(event) as PreparedEvent & WebSocketSendEvent;
}
