import type { Connection } from "@ws/connection";

/** Greets and leaves: the connection closes with 1000. */
export async function hello(socket: Connection): Promise<void> {
  await socket.accept();
  await socket.sendText("hello");
  await socket.close();
}
