// The load on all servers of a case, in a process of its own; what it is told first is a `LoadTask` of each. One for all, so
// that what V8 made of it is the same for everyone.
import { answerAsLoad } from "../../rig/answer.js";
import type { LoadReport, LoadRequest, LoadTask } from "./load-task.js";
import { Target } from "./target.js";

await answerAsLoad((tasks: readonly LoadTask[]) => {
  const targets = tasks.map((task) => new Target(task));
  return async (request: LoadRequest): Promise<LoadReport | true> => {
    const target = targets[request.at];
    if (target === undefined) throw new Error(`expected one of ${targets.length} servers, got ${request.at}`);
    if ("run" in request) return await target.run(request.run);
    if ("open" in request) await target.open(request.open);
    else await target.close();
    return true;
  };
});
