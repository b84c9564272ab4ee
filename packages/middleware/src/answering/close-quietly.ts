import type { Send } from "@ws/events";

/** Closes in place of the application. It never rejects, because it is no error that the connection has ended meanwhile. */
export async function closeQuietly(send: Send, code: number, reason: string): Promise<void> {
  try {
    await send({ type: "websocket.close", code, reason });
  } catch {
    // The caller waits for the disconnect, which comes in any case.
  }
}
