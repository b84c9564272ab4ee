// After our own event loop stood still nobody is given up.
import { once } from "node:events";
import { reportExact, Server, start } from "../harness.js";

const server = await Server.start({ pingInterval: 300, pingTimeout: 300 });
await once(start("peers.ts", { port: server.port, path: "/sink", count: 200 }), "message");
for (const stall of [500, 3_000]) {
  await server.measure({ stall });
  const { open } = await server.until(() => false, 1_500);
  reportExact(`live peers after a stall of ${stall} ms`, open["/sink"] ?? 0, 200);
}
process.exit();
