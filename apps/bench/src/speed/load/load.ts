// The load on all servers of a case, in a process of its own; what it is told first is a `LoadTask` of each. One for all, so
// that what V8 made of it is the same for everyone.
import { once } from "node:events";
import type { LoadReport, LoadRequest, LoadTask } from "./load-task.js";
import { Target } from "./target.js";

process.on("disconnect", () => process.exit());
process.send?.("up");
const [tasks] = (await once(process, "message")) as [readonly LoadTask[]];
const targets = tasks.map((task) => new Target(task));

async function obey(request: LoadRequest): Promise<LoadReport | true> {
  const target = targets[request.at];
  if (target === undefined) throw new Error(`expected one of ${targets.length} servers, got ${request.at}`);
  if ("run" in request) return await target.run(request.run);
  if ("open" in request) await target.open(request.open);
  else await target.close();
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
