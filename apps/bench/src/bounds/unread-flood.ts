// A hundred clients flood an application that never reads: they are paused, and little is held.
import { enter, flood, frame, mebibyte, report, Server } from "../harness.js";

const server = await Server.start();
const sockets = await Promise.all(Array.from({ length: 100 }, () => enter(server.port, "/deaf")));
const before = await server.measure();
const segment = Buffer.concat(Array.from({ length: 64 }, () => frame(0x81, "x".repeat(1_000))));
await Promise.all(sockets.map((socket) => flood(socket, segment, 64 * mebibyte)));
const after = await server.measure();
report("resident, 100 floods that nobody reads", (after.rss - before.rss) / mebibyte, 32, "MiB");
process.exit();
