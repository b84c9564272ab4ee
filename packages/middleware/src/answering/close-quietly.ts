import type { Send } from "@ws/events";

/** Closes in the application's place. Never rejects: that the connection has ended meanwhile is no error. */
export async function closeQuietly(send: Send, code: number, reason: string): Promise<void> {
  try {
    await send({ type: "websocket.close", code, reason });
  } catch {
    // Whoever called this waits for the disconnect, and that comes in any case.
  }
}
