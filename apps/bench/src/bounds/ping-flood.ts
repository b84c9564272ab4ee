// A peer that sends pings and reads no pong: the answers must not pile up.
import { enter, flood, frame, mebibyte, report, Server } from "../harness.js";

const server = await Server.start();
const socket = await enter(server.port, "/sink");
const before = await server.measure();
const pings = Buffer.concat(Array.from({ length: 500 }, () => frame(0x89, "x".repeat(125))));
let [most, isOver] = [0, false];
const flooding = flood(socket, pings, 64 * mebibyte).then(() => {
  isOver = true;
});
while (!isOver) most = Math.max(most, (await server.measure()).held);
await flooding;
most = Math.max(most, (await server.measure()).held);
report("held for 64 MiB of pings whose pongs nobody reads", (most - before.held) / mebibyte, 5, "MiB");
process.exit();
