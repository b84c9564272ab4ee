import type { Contender } from "./contender.js";
import { Cutter } from "./cutter.js";

/** What a client made of being cut off. */
export interface Result {
  readonly published: number;
  /** Numbers that never came. */
  readonly lost: number;
  readonly twice: number;
  /** From each cut until a number came over another connection, in ms, sorted. */
  readonly back: readonly number[];
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Above it a client is taken to have given up, in ms. */
const patience = 60_000;

/**
 * Publishes a number each 5 ms, and cuts the client off so many times. Between two cuts it lives for more than 5 s, behind which
 * those that count failures begin anew: so each pause is that of a first failure, by each library's own defaults.
 */
export async function run(contender: Contender, cuts: number): Promise<Result> {
  const served = await contender.serve();
  const cutter = new Cutter(served.port);
  const came: number[] = [];
  let onNumber = (): void => {};
  const stop = contender.listen(await cutter.listen(), (n) => {
    came.push(n);
    onNumber();
  });
  const heard = (): Promise<void> => new Promise((resolve) => (onNumber = resolve));
  let published = 0;
  const publish = (): void => {
    published += 1;
    served.publish(published);
  };
  // Whoever is not there yet when the first is published has not lost it.
  const greeting = setInterval(publish, 20);
  await heard();
  clearInterval(greeting);
  const [first = 0] = came;
  const publishing = setInterval(publish, 5);
  const back: number[] = [];
  for (let cut = 0; cut < cuts; cut += 1) {
    await pause(5_100 + Math.random() * 500);
    const before = cutter.connections;
    const began = performance.now();
    cutter.cut();
    while (cutter.connections === before && performance.now() - began < patience) await pause(1);
    await Promise.race([heard(), pause(patience)]);
    back.push(performance.now() - began);
  }
  clearInterval(publishing);
  await pause(2_000);
  stop();
  cutter.close();
  await served.close();
  const distinct = new Set(came);
  return {
    published: published - first + 1,
    lost: published - first + 1 - distinct.size,
    twice: came.length - distinct.size,
    back: back.sort((a, b) => a - b),
  };
}
