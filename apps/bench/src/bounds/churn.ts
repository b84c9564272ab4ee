// Connections that come, say one thing and go leave nothing behind. CYCLES=10000 for fewer.
import { once } from "node:events";
import { closeFrame, enter, frame, report, Server } from "../harness.js";

const cycles = Number(process.env["CYCLES"] ?? 100_000);
const server = await Server.start();
const speech = Buffer.concat([frame(0x81, "hello"), closeFrame]);

async function run(count: number): Promise<void> {
  for (let cycle = 0; cycle < count; cycle += 1) {
    const socket = await enter(server.port, "/echo");
    socket.resume().write(speech);
    await once(socket, "close");
  }
}

async function runAll(count: number): Promise<void> {
  const lanes = 20;
  await Promise.all(Array.from({ length: lanes }, () => run(Math.ceil(count / lanes))));
}

await runAll(5_000);
const before = await server.until(({ open, timers }) => open["/echo"] === 0 && timers === 0, 3_000);
await runAll(cycles);
const after = await server.until(
  ({ open, timers }) => open["/echo"] === 0 && timers === before.timers,
  3_000,
);
const what = `after ${cycles} connections:`;
for (const kind of ["descriptors", "timers", "listeners"] as const) {
  report(`${what} ${kind}`, after[kind], before[kind], "");
}
report(`${what} heap`, (after.heap / before.heap) * 100 - 100, 5, "%");
process.exit();
