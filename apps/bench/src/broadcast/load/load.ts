// All members, in a process of its own: raw sockets that read the number of every message. Told first: a `LoadTask`.
import { once } from "node:events";
import { Crowd } from "./crowd.js";
import type { LoadReport, LoadRequest, LoadTask } from "./load-task.js";

process.on("disconnect", () => process.exit());
process.send?.("up");
const [task] = (await once(process, "message")) as [LoadTask];
const crowd = new Crowd(task);

async function report(work: () => Promise<number>): Promise<LoadReport> {
  const cpuBefore = process.cpuUsage();
  const began = performance.now();
  const deliveries = await work();
  const wall = (performance.now() - began) * 1_000;
  const { user, system } = process.cpuUsage(cpuBefore);
  return { deliveries, wall, cpu: user + system, faults: crowd.faults };
}

async function obey(request: LoadRequest): Promise<LoadReport | true> {
  if ("run" in request) return await report(() => crowd.run(request.run));
  if ("await" in request) return await report(() => crowd.await(request.await));
  await crowd.open();
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
