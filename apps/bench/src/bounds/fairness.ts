// One client floods; another's echo must not wait for it.
import { once } from "node:events";
import { enter, frame, report, Server, start } from "../harness.js";

const server = await Server.start();
const flooder = start("peers.ts", { port: server.port, path: "/sink", count: 1, floods: true });
await once(flooder, "message");
const victim = await enter(server.port, "/echo");
const times: number[] = [];
for (let count = 0; count < 1_000; count += 1) {
  const began = performance.now();
  victim.write(frame(0x81, "hello"));
  await once(victim, "readable");
  victim.read();
  times.push(performance.now() - began);
}
times.sort((one, other) => one - other);
report("echo beside a flood, 99th of a hundred", times[989] ?? Number.NaN, 50, "ms");
report("echo beside a flood, longest", times.at(-1) ?? Number.NaN, 250, "ms");
process.exit();
