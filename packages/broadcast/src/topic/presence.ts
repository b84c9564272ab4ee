import type { LocalTopic } from "../local/local-topic.js";

const ignore = (): void => {};

/** Lists a member of a topic; gives the function that takes it off the list, and says whether it left on purpose. */
export function announce(
  { name, shared: { link, control } }: LocalTopic,
  member: number,
  as: unknown,
): (onPurpose: boolean) => void {
  const { engine } = link;
  const id = String(member);
  // The engine keeps what it can't tell yet, and makes good a call that fails: nothing waits here for its return.
  const entered = engine.enter(name, id, as).catch(ignore);
  const change = { topic: name, id, as };
  void entered.then(() => control.changed({ kind: "joined", ...change }));
  return (onPurpose) => {
    const left = entered.then(() => engine.leave(name, id)).catch(ignore);
    void left.then(() => control.changed({ kind: "left", ...change, onPurpose }));
  };
}
