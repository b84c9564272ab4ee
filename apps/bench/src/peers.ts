// Clients in a process of their own. The first argument says what they do: { port, path, count, floods }.
import { answerPings, enter, flood, frame } from "./harness.js";

const { port, path, count, floods } = JSON.parse(process.argv[2] ?? "{}");
const sockets = await Promise.all(Array.from({ length: count }, () => enter(port, path)));
for (const socket of sockets) answerPings(socket);
process.on("disconnect", () => process.exit());
process.send?.("ready");
const small = frame(0x81, "x".repeat(64));
const segment = Buffer.concat(Array.from({ length: 1_000 }, () => small));
if (floods)
  await Promise.all(sockets.map((socket) => flood(socket, segment, Number.POSITIVE_INFINITY, 60_000)));
