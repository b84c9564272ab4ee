// A message in 200,000 fragments of one byte: held little, and closed with 1008 at the default of 1,024.
import { once } from "node:events";
import { enter, frame, mebibyte, report, reportExact, Server } from "../harness.js";

const server = await Server.start();
const socket = await enter(server.port, "/sink");
const before = await server.measure();
let answer = "";
socket.on("data", (chunk: Buffer) => {
  answer += chunk.toString("latin1");
});
const more = Array.from({ length: 199_998 }, () => frame(0x00, "x"));
socket.write(Buffer.concat([frame(0x01, "x"), ...more, frame(0x80, "x")]));
await once(socket, "end");
const after = await server.measure();
report("held for 200,000 fragments", (after.held - before.held) / mebibyte, 4, "MiB");
reportExact("close code", answer.charCodeAt(2) * 256 + answer.charCodeAt(3), 1008);
process.exit();
