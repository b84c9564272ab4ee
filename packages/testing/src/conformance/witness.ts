import assert from "node:assert/strict";
import type { WebSocketScope } from "@ws/events";
import { type Given, rejection, untilDisconnect } from "./case.js";

/** What an application saw at the end of its connection. */
export interface Seen {
  readonly code: number;
  readonly reason: string;
  /** The error that `send` rejected with. */
  readonly sending: unknown;
  /** The reason of the disconnect signal. */
  readonly signalled: unknown;
}

function signalOf(scope: WebSocketScope): AbortSignal {
  const signal = scope.extensions["websocket.disconnect"]?.signal;
  assert.ok(signal, "the transport must offer the disconnect signal");
  return signal;
}

/** Waits for the disconnect, and then tries to send and to close. */
export async function witness({ scope, receive, send }: Given): Promise<Seen> {
  const { code, reason } = await untilDisconnect(receive);
  const sending = await rejection(send({ type: "websocket.send", text: "too late" }));
  await send({ type: "websocket.close" });
  return { code, reason, sending, signalled: signalOf(scope).reason };
}
