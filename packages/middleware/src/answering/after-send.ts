import { type Extensions, type Send, type SendEvent, sentAtOnce, trackThen } from "@ws/events";

/**
 * Sends an event, and calls `onTaken` once the server has taken it. What it gives is watched by the server as its own
 * promises are, for nobody need await a send; an async function's would be watched by nobody.
 */
export function afterSend(
  extensions: Extensions,
  send: Send,
  event: SendEvent,
  onTaken: () => void,
): Promise<void> {
  const sending = send(event);
  if (sending !== sentAtOnce) {
    return trackThen(sending, onTaken, "send", extensions["websocket.connection"]?.onFailedCall);
  }
  onTaken();
  return sending;
}
