import { type Extensions, type Send, type SendEvent, sentAtOnce, trackThen } from "@ws/events";

/**
 * Sends an event, and calls `onTaken` once the server has accepted it. Nobody has to await a send, so the server tracks the
 * returned promise as it tracks its own. The promise of an async function would not be tracked.
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
