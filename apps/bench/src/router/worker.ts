// One contender in a process of its own, so that what a compiler learns of one is not held against another.
import { answerQuestions } from "../rig/answer.js";
import { kinds, lookUps } from "./cases.js";
import { contenders } from "./contenders.js";
import { type Effort, Timed } from "./timing.js";

/** Fills a router with the routes of a case; without a case, times a round. */
export type Order = { readonly size: number; readonly effort: Effort } | "round";

/** Who looks up what. */
export interface RouterTask {
  readonly contender: string;
  readonly kind: string;
}

const task: RouterTask = JSON.parse(process.argv[2] ?? "");
const contender = contenders.find(({ name }) => name === task.contender);
const kind = kinds.find(({ name }) => name === task.kind);
if (contender === undefined || kind === undefined) throw new Error("expected a contender and a kind");
let timed: Timed | undefined;

answerQuestions((order: Order) => {
  if (order === "round") return timed?.round();
  const routes = kind.list(order.size);
  const looked = lookUps(kind, routes, order.effort.lookUps);
  const filled = contender.fill(routes);
  const answers = looked.slice(0, 500).map(({ path, route }) => {
    const answer = filled.answer(path);
    if (answer?.route !== route) throw new Error(`expected route ${route} for ${path}, got ${answer?.route}`);
    return answer ?? null;
  });
  timed = new Timed(filled, looked, order.effort.patience);
  return answers;
});
process.send?.("up");
