import type { ServerResponse } from "node:http";

/**
 * Ends the connection of a response that can't be completed, so that its client knows: what was written goes out, and
 * nothing after it. A client that does not read it is cut off as any other, after `sendTimeout`.
 */
export function cutOff(response: ServerResponse): void {
  const { socket } = response;
  // One in memory has no such method.
  if (typeof socket?.destroySoon === "function") socket.destroySoon();
  else response.destroy();
}
