import { once } from "node:events";

/** An error that nobody waits for ends the process. */
export function fail(error: unknown): void {
  setImmediate(() => {
    throw error;
  });
}

/** Answers each question of the process that has started this one, and ends with that one: by itself, so that a profile is written. */
export function answerQuestions<Question>(answer: (question: Question) => unknown): void {
  process.on("message", (question: Question) => {
    Promise.resolve(answer(question)).then((said) => process.send?.(said), fail);
  });
  process.on("disconnect", () => process.exit());
}

/** Runs a load as a process: it is told what to load first, and then what to do. */
export async function answerAsLoad<Task, Request>(
  prepare: (task: Task) => (request: Request) => Promise<unknown>,
): Promise<void> {
  process.on("disconnect", () => process.exit());
  process.send?.("up");
  const [task] = (await once(process, "message")) as [Task];
  const obey = prepare(task);
  answerQuestions(obey);
  process.send?.("ready");
}
