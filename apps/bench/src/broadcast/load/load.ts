// All members, in a process of its own: raw sockets that read the number of every message. Told first: a `LoadTask`.
import { answerAsLoad } from "../../rig/answer.js";
import { cpuTime } from "../../rig/usage.js";
import { Crowd } from "./crowd.js";
import type { LoadReport, LoadRequest, LoadTask } from "./load-task.js";

async function report(crowd: Crowd, work: () => Promise<number>): Promise<LoadReport> {
  const [cpu, began] = [cpuTime(), performance.now()];
  const deliveries = await work();
  const wall = (performance.now() - began) * 1_000;
  return { deliveries, wall, cpu: cpuTime() - cpu, faults: crowd.faults };
}

await answerAsLoad((task: LoadTask) => {
  const crowd = new Crowd(task);
  return async (request: LoadRequest): Promise<LoadReport | true> => {
    if ("run" in request) return await report(crowd, () => crowd.run(request.run));
    if ("await" in request) return await report(crowd, () => crowd.await(request.await));
    await crowd.open();
    return true;
  };
});
