import type { Socket } from "node:net";
import { dial, handshake } from "../../raw.fixture.js";

/** The text "draining", and the close frame of a code. RFC 6455 §5.2. */
export const draining = "\x81\x08draining";
export const restart = "\x88\x02\x03\xf4";

/** Connections to a path, each with all that it read. */
export async function connected(port: number, path: string, count: number): Promise<Socket[]> {
  return Promise.all(
    Array.from({ length: count }, async () => {
      const socket = await dial(port);
      socket.write(handshake(path));
      return socket;
    }),
  );
}

/** All that comes until the end, as latin-1; a close frame is answered. */
export async function rest(socket: Socket): Promise<string> {
  let read = "";
  for await (const chunk of socket) {
    read += (chunk as Buffer).toString("latin1");
    if (read.endsWith(restart)) socket.end(Buffer.from([0x88, 0x82, 0, 0, 0, 0, 3, 0xf4]));
  }
  return read;
}
