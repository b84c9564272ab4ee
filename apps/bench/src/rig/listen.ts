import { once } from "node:events";
import { type AddressInfo, createServer, type Server } from "node:net";

/** Listens on a port of 127.0.0.1 that the system chooses; gives the port. */
export async function listen(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

/** Listens for bytes, each chunk of which asks for a round; gives the port. */
export function listenForRounds(onRound: () => void): Promise<number> {
  return listen(createServer((socket) => void socket.on("data", onRound)));
}
