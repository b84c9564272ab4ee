import fc from "fast-check";
import { expect, test } from "vitest";
import { FakeClock } from "../session/timing/clock.fixture.js";
import { StaggeredClose } from "./staggered-close.js";

/** A drain of so many, and when each had its turn. */
class Drained {
  readonly clock: FakeClock = new FakeClock();
  readonly turns: { readonly member: number; readonly at: number }[] = [];
  readonly drain: StaggeredClose<number>;

  constructor(size: number, window: number) {
    const members = Array.from({ length: size }, (_, member) => member);
    this.drain = new StaggeredClose(this.clock, members, window, (member) => {
      this.turns.push({ member, at: this.clock.now() });
    });
  }

  get members(): number[] {
    return this.turns.map(({ member }) => member).sort((one, other) => one - other);
  }
}

const all = (size: number): number[] => Array.from({ length: size }, (_, member) => member);

test("without a window everybody's turn is at once, and no timer is set", () => {
  const drained = new Drained(100, 0);
  expect(drained.members).toEqual(all(100));
  expect(drained.clock.pending).toBe(0);
});

test("everybody has one turn within the window, however long it is and however many they are", () => {
  fc.assert(
    fc.property(fc.nat({ max: 300 }), fc.integer({ min: 1, max: 5_000 }), (size, window) => {
      const drained = new Drained(size, window);
      drained.clock.advance(window);
      expect(drained.members).toEqual(all(size));
      expect(drained.clock.pending).toBe(0);
    }),
  );
});

test("in batches of one size, one in each 100 ms", () => {
  const drained = new Drained(1_000, 2_000);
  expect(drained.turns).toEqual([]);
  for (let batch = 1; batch <= 20; batch += 1) {
    drained.clock.advance(100);
    expect(drained.turns.length).toBe(batch * 50);
  }
  expect(new Set(drained.turns.map(({ at }) => at)).size).toBe(20);
});

test("at moments and in an order of chance: who came together does not leave together", () => {
  const [one, other] = [new Drained(1_000, 2_000), new Drained(1_000, 2_000)];
  one.clock.advance(2_000);
  other.clock.advance(2_000);
  expect(one.turns[0]?.at).not.toBe(other.turns[0]?.at);
  const first = one.turns.slice(0, 50).map(({ member }) => member);
  expect(Math.max(...first)).toBeGreaterThan(100);
});

test("an event loop that comes late catches up", () => {
  const drained = new Drained(100, 1_000);
  drained.clock.stall(10_000);
  drained.clock.advance(0);
  expect(drained.members).toEqual(all(100));
});

test("finish gives those that are left their turn at once, and leaves no timer", () => {
  const drained = new Drained(100, 1_000);
  drained.clock.advance(500);
  expect(drained.turns.length).toBe(50);
  drained.drain.finish();
  expect(drained.members).toEqual(all(100));
  expect(drained.clock.pending).toBe(0);
  drained.drain.finish();
  expect(drained.turns.length).toBe(100);
});
