import type { Connection } from "@ws/connection";

/** Sends every message back as it came, text as text and bytes as bytes. */
export async function echo(socket: Connection): Promise<void> {
  await socket.accept();
  for await (const message of socket) {
    if (typeof message === "string") await socket.sendText(message);
    else await socket.sendBytes(message);
  }
}
