import type { Hub } from "./hub.js";

const ignore = (): void => {};

let memberships = 0;

/** Lists a member of a topic, once the engine is there; gives the function that takes it off the list. */
export function announce({ name, shared: { link } }: Hub, as: unknown): () => void {
  memberships += 1;
  const id = String(memberships);
  // A call that fails is made good by the engine.
  const entered = link
    .whenUp()
    .then(() => link.engine.enter(name, id, as))
    .catch(ignore);
  return () => void entered.then(() => link.engine.leave(name, id)).catch(ignore);
}
