import type { LocalTopic } from "../local/local-topic.js";

const ignore = (): void => {};

/**
 * Lists a member of a topic. It returns the function that takes the member off the list, and is told whether it left on
 * purpose.
 */
export function announce(
  { name, shared: { link, control } }: LocalTopic,
  member: number,
  as: unknown,
): (onPurpose: boolean) => void {
  const { engine } = link;
  const id = String(member);
  // The engine remembers what it cannot report yet and repeats calls that fail, so nothing waits here for the engine to come
  // back.
  const entered = engine.enter(name, id, as).catch(ignore);
  const change = { topic: name, id, as };
  void entered.then(() => control.changed({ kind: "joined", ...change }));
  return (onPurpose) => {
    const left = entered.then(() => engine.leave(name, id)).catch(ignore);
    void left.then(() => control.changed({ kind: "left", ...change, onPurpose }));
  };
}
