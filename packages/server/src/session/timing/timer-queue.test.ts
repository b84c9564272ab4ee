import { describe, expect, test } from "vitest";
import { FakeClock } from "./clock.fixture.js";
import { Timer, TimerQueue } from "./timer-queue.js";

class Bell extends Timer {
  readonly rings: number[] = [];
  readonly #clock: FakeClock;
  readonly #onRing: () => void;

  constructor(clock: FakeClock, onRing: () => void = () => {}) {
    super();
    this.#clock = clock;
    this.#onRing = onRing;
  }

  fire(): void {
    this.rings.push(this.#clock.now());
    this.#onRing();
  }
}

function make(count: number): {
  readonly clock: FakeClock;
  readonly timers: TimerQueue;
  readonly bells: Bell[];
} {
  const clock = new FakeClock();
  return {
    clock,
    timers: new TimerQueue(clock),
    bells: Array.from({ length: count }, () => new Bell(clock)),
  };
}

describe("a timer", () => {
  test("rings once, when its delay is over", () => {
    const { clock, timers, bells } = make(1);
    const [bell = new Bell(clock)] = bells;
    timers.set(bell, 10);
    clock.advance(9);
    expect(bell.rings).toEqual([]);
    clock.advance(1_000);
    expect(bell.rings).toEqual([10]);
    expect(clock.pending).toBe(0);
  });

  test("never rings early by a fraction of a millisecond", () => {
    const { clock, timers, bells } = make(1);
    const [bell = new Bell(clock)] = bells;
    clock.advance(0.75);
    timers.set(bell, 10);
    expect(bell.due).toBe(11);
    clock.advance(10.125);
    expect(bell.rings).toEqual([]);
    clock.advance(1);
    expect(bell.rings).toHaveLength(1);
  });

  test("that was cleared does not fire, and clearing it again is nothing", () => {
    const { clock, timers, bells } = make(1);
    const [bell = new Bell(clock)] = bells;
    timers.set(bell, 10);
    timers.clear(bell);
    timers.clear(bell);
    expect(clock.pending).toBe(0);
    clock.advance(100);
    expect(bell.rings).toEqual([]);
  });

  test("that is set again rings at its new time alone", () => {
    const { clock, timers, bells } = make(1);
    const [bell = new Bell(clock)] = bells;
    timers.set(bell, 10);
    clock.advance(5);
    timers.set(bell, 30);
    clock.advance(100);
    expect(bell.rings).toEqual([35]);
  });

  test("may set itself again as it rings", () => {
    const clock = new FakeClock();
    const timers = new TimerQueue(clock);
    const bell: Bell = new Bell(clock, () => timers.set(bell, 10));
    timers.set(bell, 10);
    clock.advance(35);
    expect(bell.rings).toEqual([10, 20, 30]);
  });
});

test("a callback timer tells its owner, once, and clearing none is nothing", () => {
  const { clock, timers } = make(0);
  let told = 0;
  const owner = {
    onTimeout: () => {
      told += 1;
    },
  };
  const reminder = timers.start(owner, 10);
  clock.advance(10);
  expect(told).toBe(1);
  timers.clear(reminder);
  timers.clear(undefined);
  clock.advance(100);
  expect(told).toBe(1);
});

describe("timers of one delay", () => {
  test("share one timer, and each rings at its own time", () => {
    const { clock, timers, bells } = make(3);
    for (const bell of bells) {
      timers.set(bell, 10);
      clock.advance(2);
    }
    expect(clock.pending).toBe(1);
    clock.advance(100);
    expect(bells.map(({ rings }) => rings)).toEqual([[10], [12], [14]]);
  });

  test.each([0, 1, 2])("fire without the one that was cleared, wherever it stood (%i)", (index) => {
    const { clock, timers, bells } = make(3);
    for (const bell of bells) {
      timers.set(bell, 10);
      clock.advance(2);
    }
    const cleared = bells[index];
    if (cleared !== undefined) timers.clear(cleared);
    clock.advance(100);
    expect(bells.map(({ rings }) => rings[0])).toEqual([10, 12, 14].with(index, Number.NaN).map(orNone));
  });

  test("fire together where the event loop stood still", () => {
    const { clock, timers, bells } = make(3);
    for (const bell of bells) {
      timers.set(bell, 10);
      clock.advance(1);
    }
    clock.stall(50);
    clock.advance(0);
    expect(bells.map(({ rings }) => rings)).toEqual([[53], [53], [53]]);
  });

  test("may be cleared by one that rings before them", () => {
    const { clock, timers, bells } = make(1);
    const [second = new Bell(clock)] = bells;
    timers.set(new Bell(clock, () => timers.clear(second)), 10);
    timers.set(second, 10);
    clock.advance(100);
    expect(second.rings).toEqual([]);
    expect(clock.pending).toBe(0);
  });

  test("fire though one of them throws", () => {
    const { clock, timers, bells } = make(1);
    const [second = new Bell(clock)] = bells;
    const first = new Bell(clock, () => {
      throw new Error("broken");
    });
    timers.set(first, 10);
    timers.set(second, 10);
    expect(() => clock.advance(100)).toThrow("broken");
    clock.advance(100);
    expect([first.rings.length, second.rings.length]).toEqual([1, 1]);
  });
});

test("timers of different delays fire in the order of their times", () => {
  const { clock, timers } = make(0);
  const order: string[] = [];
  for (const [name, delay] of [["late", 30] as const, ["early", 10] as const, ["middle", 20] as const]) {
    timers.set(new Bell(clock, () => void order.push(name)), delay);
  }
  clock.advance(100);
  expect(order).toEqual(["early", "middle", "late"]);
});

function orNone(time: number): number | undefined {
  return Number.isNaN(time) ? undefined : time;
}
