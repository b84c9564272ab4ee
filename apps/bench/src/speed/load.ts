// The load, in a process of its own: raw sockets, frames made beforehand. What it is told first is a `LoadTask`.
import { once } from "node:events";
import { Churn } from "./drive-connect.js";
import { Echo } from "./drive-echo.js";
import { FanOut } from "./drive-fan-out.js";
import type { LoadReport, LoadRequest, LoadTask } from "./load-task.js";
import { Pool } from "./pool.js";
import { PlainProtocol } from "./protocol.js";
import { SocketIoProtocol } from "./socket-io-protocol.js";
import { quantile } from "./statistics.js";

process.on("disconnect", () => process.exit());
process.send?.("up");
const [task] = (await once(process, "message")) as [LoadTask];
const Protocol = task.protocol === "plain" ? PlainProtocol : SocketIoProtocol;
const protocol = new Protocol(task.payload, task.size);
const pool = new Pool(task, protocol);
const echo = new Echo(pool, task.burst, protocol.request);
const drivers = {
  echo: () => echo,
  fanout: () => new FanOut(pool, task.burst, task.controlPort),
  connect: () => new Churn(pool, task.connections, protocol.request),
  idle: () => echo,
};
const driver = drivers[task.kind]();

async function run(milliseconds: number): Promise<LoadReport> {
  const cpuBefore = process.cpuUsage();
  const began = performance.now();
  const messages = await driver.run(milliseconds);
  const wall = (performance.now() - began) * 1_000;
  const { user, system } = process.cpuUsage(cpuBefore);
  const { times } = echo;
  return { messages, wall, cpu: user + system, median: quantile(times, 0.5), p99: quantile(times, 0.99) };
}

async function obey(request: LoadRequest): Promise<LoadReport | true> {
  if ("run" in request) return await run(request.run);
  if ("open" in request) await pool.open(request.open);
  else await pool.close();
  return true;
}

process.on("message", (request: LoadRequest) => {
  obey(request).then(
    (answer) => process.send?.(answer),
    (error: unknown) => {
      throw error;
    },
  );
});
process.send?.("ready");
