// JSON that is meant to cost: the event loop goes on, and the error stays small.
import { once } from "node:events";
import { enter, frame, report, Server, wait } from "../harness.js";

const messages = {
  "100,000 levels": `${"[".repeat(100_000)}${"]".repeat(100_000)}`,
  "200,000 bad elements": `[${Array.from({ length: 200_000 }, () => '"x"').join()}]`,
  "9,000 bad elements": `[${Array.from({ length: 9_000 }, () => '"x"').join()}]`,
};
const server = await Server.start();
const socket = await enter(server.port, "/json");
for (const [what, message] of Object.entries(messages)) {
  await server.measure();
  await wait(50);
  socket.write(frame(0x81, message));
  await once(socket, "readable");
  const bytes = Number(/error of (\d+) bytes/.exec(String(socket.read()))?.[1]);
  const { blocked } = await server.measure();
  report(`event loop, ${what}`, blocked, 50, "ms");
  report(`error, ${what}`, bytes / 1_024, 2, "KiB");
}
process.exit();
