import { ProtocolError } from "../errors/protocol-error.js";
import type { WebSocketSendEvent } from "../model/event.js";
import { sendEventProblem } from "./structure.js";

/** The same in every copy of this package that is loaded, as with the errors. */
const symbol: unique symbol = Symbol.for("@ws/events.PreparedEvent");

/**
 * A `websocket.send` that is checked once and framed once, however many connections it is sent to. It is sent like any other
 * event. Made by `prepare`.
 */
export class PreparedEvent {
  readonly type = "websocket.send" as const;
  readonly text: string | undefined;
  readonly bytes: Uint8Array | undefined;
  /** The unmasked, uncompressed frame of RFC 6455 §5.2, stored by the first transport that made it. */
  frame: Uint8Array | undefined = undefined;
  /**
   * Frames whose payload is compressed without a context (RFC 7692 §7.2.1), by the window's size as a power of two; where
   * compression gains nothing, the uncompressed frame. They are stored by the first transport that made them.
   */
  deflated: Map<number, Uint8Array> | undefined = undefined;

  constructor(event: WebSocketSendEvent) {
    this.text = event.text;
    // `slice` is not used, because that of a Node `Buffer` shares its memory.
    this.bytes = event.bytes && new Uint8Array(event.bytes);
    Object.defineProperty(this, symbol, { value: true });
  }
}

/** Whether `prepare` made it, of any copy of this package. It must be cheap, because it runs for every message. */
export function isPrepared(event: unknown): event is PreparedEvent & WebSocketSendEvent {
  try {
    return (event as { readonly [symbol]?: true })[symbol] === true;
  } catch {
    // It is no object, or one whose fields cannot be read. The check of an event describes what it is.
    return false;
  }
}

/**
 * Prepares a message for many receivers. Bytes are copied, so that a later change of the original has no effect.
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
