import { describe, expect, test } from "vitest";
import { CloseState } from "./close-state.js";
import { LateBreach } from "./late-breach.js";
import { gone } from "./session.fixture.js";
import { FakeClock } from "./timing/clock.fixture.js";

/** A breach behind messages that the test takes out of the queue itself. */
function breachBehind(held: number): {
  clock: FakeClock;
  queue: { held: number };
  owner: { closeState: CloseState | undefined };
  breach: LateBreach;
  concluded: () => number;
} {
  const [clock, queue, owner] = [
    new FakeClock(),
    { held },
    { closeState: undefined as CloseState | undefined },
  ];
  let count = 0;
  const breach = new LateBreach(clock, queue, owner, () => {
    count += 1;
  });
  return { clock, queue, owner, breach, concluded: () => count };
}

describe("a breach behind messages", () => {
  test("is answered later for as long as each turn takes some of them", () => {
    const { clock, queue, concluded } = breachBehind(3);
    for (const left of [2, 1]) {
      queue.held = left;
      clock.turn();
      expect(concluded()).toBe(0);
    }
    queue.held = 0;
    clock.turn();
    expect(concluded()).toBe(1);
  });

  test("is answered when a turn takes none of them", () => {
    const { clock, concluded } = breachBehind(3);
    clock.turn();
    expect(concluded()).toBe(0);
    clock.turn();
    expect(concluded()).toBe(1);
  });

  test("is answered in the next turn where the connection has ended", () => {
    const { clock, owner, concluded } = breachBehind(3);
    owner.closeState = new CloseState(gone);
    clock.turn();
    expect(concluded()).toBe(1);
  });

  test("is answered once, however often it is concluded", () => {
    const { clock, breach, concluded } = breachBehind(3);
    breach.conclude();
    breach.conclude();
    clock.turn();
    clock.turn();
    expect(concluded()).toBe(1);
  });
});
