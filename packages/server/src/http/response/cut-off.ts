import type { ServerResponse } from "node:http";

/**
 * Ends the connection of a response that cannot be completed, so that its client notices. What was written still goes out,
 * and nothing after it. A client that does not read is cut off after `sendTimeout`, as any other.
 */
export function cutOff(response: ServerResponse): void {
  const { socket } = response;
  // A socket in memory has no such method.
  if (typeof socket?.destroySoon === "function") socket.destroySoon();
  else response.destroy();
}
