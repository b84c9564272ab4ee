import type { Hub } from "./hub.js";

const ignore = (): void => {};

let memberships = 0;

/** Lists a member of a topic; gives the function that takes it off the list. */
export function announce({ name, shared: { link } }: Hub, as: unknown): () => void {
  const { engine } = link;
  memberships += 1;
  const id = String(memberships);
  // The engine keeps what it can't tell yet, and makes good a call that fails: nothing waits here for its return.
  const entered = engine.enter(name, id, as).catch(ignore);
  return () => void entered.then(() => engine.leave(name, id)).catch(ignore);
}
