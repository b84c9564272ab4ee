// Ten thousand messages in one write reach an application one by one, without a deeper stack.
import { once } from "node:events";
import { enter, frame, reportExact, Server } from "../harness.js";

const server = await Server.start();
const socket = await enter(server.port, "/count");
const message = frame(0x81, "");
socket.write(Buffer.concat(Array.from({ length: 10_000 }, () => message)));
await once(socket, "readable");
reportExact("messages of one segment", Number(/(\d+) received/.exec(String(socket.read()))?.[1]), 10_000);
process.exit();
