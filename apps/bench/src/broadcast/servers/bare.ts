// No library: a frame made once and written to every socket. What the system's own part of a delivery costs.
import { createServer } from "node:http";
import type { Duplex } from "node:stream";
import { firstByte, serverFrame } from "../../rig/frames.js";
import { listen } from "../../rig/listen.js";
import { type Contender, run } from "../host.js";

/** That of the key `dGhlIHNhbXBsZSBub25jZQ==`, which the load sends. RFC 6455 §1.3. */
const accept = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

async function start(): Promise<Contender> {
  const server = createServer();
  const sockets: Duplex[] = [];
  server.on("upgrade", (_request, socket) => {
    const head = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n";
    socket.write(`${head}Sec-WebSocket-Accept: ${accept}\r\n\r\n`);
    socket.on("error", () => {});
    sockets.push(socket);
  });
  return {
    port: await listen(server),
    get joined() {
      return sockets.length;
    },
    join: () => {},
    publish: (message) => {
      const frame = serverFrame(firstByte.text, Buffer.from(JSON.stringify(message)));
      for (const socket of sockets) socket.write(frame);
      return undefined;
    },
  };
}

await run(start);
