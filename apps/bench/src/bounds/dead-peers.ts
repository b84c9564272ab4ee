// A hundred peers whose process was stopped are found in time; a hundred that we paused live on.
import { once } from "node:events";
import { enter, frame, report, reportExact, Server, start } from "../harness.js";

const [pingInterval, pingTimeout] = [500, 500];
const server = await Server.start({ pingInterval, pingTimeout });
const holder = start("peers.ts", { port: server.port, path: "/sink", count: 100 });
await once(holder, "message");
const paused = await Promise.all(Array.from({ length: 100 }, () => enter(server.port, "/deaf")));
const messages = Buffer.concat(Array.from({ length: 64 }, () => frame(0x81, "x")));
for (const socket of paused) socket.resume().write(messages);
await server.until(() => false, 3 * (pingInterval + pingTimeout));
const began = performance.now();
holder.kill("SIGSTOP");
const bound = pingInterval + pingTimeout + 1_000;
const { open } = await server.until((measures) => measures.open["/sink"] === 0, 2 * bound);
report("100 dead peers found", performance.now() - began, bound, "ms");
reportExact("dead peers found", 100 - (open["/sink"] ?? 0), 100);
reportExact("paused peers that live on", open["/deaf"] ?? 0, 100);
process.exit();
