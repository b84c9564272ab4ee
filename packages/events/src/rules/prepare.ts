import { ProtocolError } from "../errors/protocol-error.js";
import type { WebSocketSendEvent } from "../model/event.js";
import { sendEventProblem } from "./structure.js";

/** Known in every copy of this package that is loaded, as the errors are. */
const symbol: unique symbol = Symbol.for("@ws/events.PreparedEvent");

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
    Object.defineProperty(this, symbol, { value: true });
  }
}

/** Whether `prepare` made it, of whichever copy of this package. Cheap: it is asked for every message. */
export function isPrepared(event: unknown): event is PreparedEvent & WebSocketSendEvent {
  try {
    return (event as { readonly [symbol]?: true })[symbol] === true;
  } catch {
    // No object, or one whose fields can't be read; what it is instead, the check of an event says.
    return false;
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
