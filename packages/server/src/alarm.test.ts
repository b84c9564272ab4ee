import { describe, expect, test } from "vitest";
import { Alarm, Alarms } from "./alarm.js";
import { FakeClock } from "./clock.fixture.js";

class Bell extends Alarm {
  readonly rings: number[] = [];
  readonly #clock: FakeClock;
  readonly #onRing: () => void;

  constructor(clock: FakeClock, onRing: () => void = () => {}) {
    super();
    this.#clock = clock;
    this.#onRing = onRing;
  }

  ring(): void {
    this.rings.push(this.#clock.now());
    this.#onRing();
  }
}

function make(count: number): { readonly clock: FakeClock; readonly alarms: Alarms; readonly bells: Bell[] } {
  const clock = new FakeClock();
  return { clock, alarms: new Alarms(clock), bells: Array.from({ length: count }, () => new Bell(clock)) };
}

describe("an alarm", () => {
  test("rings once, when its delay is over", () => {
    const { clock, alarms, bells } = make(1);
    const [bell = new Bell(clock)] = bells;
    alarms.set(bell, 10);
    clock.advance(9);
    expect(bell.rings).toEqual([]);
    clock.advance(1_000);
    expect(bell.rings).toEqual([10]);
    expect(clock.pending).toBe(0);
  });

  test("never rings early by a fraction of a millisecond", () => {
    const { clock, alarms, bells } = make(1);
    const [bell = new Bell(clock)] = bells;
    clock.advance(0.75);
    alarms.set(bell, 10);
    expect(bell.due).toBe(11);
    clock.advance(10.125);
    expect(bell.rings).toEqual([]);
    clock.advance(1);
    expect(bell.rings).toHaveLength(1);
  });

  test("that was cleared does not ring, and clearing it again is nothing", () => {
    const { clock, alarms, bells } = make(1);
    const [bell = new Bell(clock)] = bells;
    alarms.set(bell, 10);
    alarms.clear(bell);
    alarms.clear(bell);
    expect(clock.pending).toBe(0);
    clock.advance(100);
    expect(bell.rings).toEqual([]);
  });

  test("that is set again rings at its new time alone", () => {
    const { clock, alarms, bells } = make(1);
    const [bell = new Bell(clock)] = bells;
    alarms.set(bell, 10);
    clock.advance(5);
    alarms.set(bell, 30);
    clock.advance(100);
    expect(bell.rings).toEqual([35]);
  });

  test("may set itself again as it rings", () => {
    const clock = new FakeClock();
    const alarms = new Alarms(clock);
    const bell: Bell = new Bell(clock, () => alarms.set(bell, 10));
    alarms.set(bell, 10);
    clock.advance(35);
    expect(bell.rings).toEqual([10, 20, 30]);
  });
});

test("a reminder tells its owner, once, and clearing none is nothing", () => {
  const { clock, alarms } = make(0);
  let told = 0;
  const owner = {
    rang: () => {
      told += 1;
    },
  };
  const reminder = alarms.remind(owner, 10);
  clock.advance(10);
  expect(told).toBe(1);
  alarms.clear(reminder);
  alarms.clear(undefined);
  clock.advance(100);
  expect(told).toBe(1);
});

describe("alarms of one delay", () => {
  test("share one timer, and each rings at its own time", () => {
    const { clock, alarms, bells } = make(3);
    for (const bell of bells) {
      alarms.set(bell, 10);
      clock.advance(2);
    }
    expect(clock.pending).toBe(1);
    clock.advance(100);
    expect(bells.map(({ rings }) => rings)).toEqual([[10], [12], [14]]);
  });

  test.each([0, 1, 2])("ring without the one that was cleared, wherever it stood (%i)", (index) => {
    const { clock, alarms, bells } = make(3);
    for (const bell of bells) {
      alarms.set(bell, 10);
      clock.advance(2);
    }
    const cleared = bells[index];
    if (cleared !== undefined) alarms.clear(cleared);
    clock.advance(100);
    expect(bells.map(({ rings }) => rings[0])).toEqual([10, 12, 14].with(index, Number.NaN).map(orNone));
  });

  test("ring together where the event loop stood still", () => {
    const { clock, alarms, bells } = make(3);
    for (const bell of bells) {
      alarms.set(bell, 10);
      clock.advance(1);
    }
    clock.stall(50);
    clock.advance(0);
    expect(bells.map(({ rings }) => rings)).toEqual([[53], [53], [53]]);
  });

  test("may be cleared by one that rings before them", () => {
    const { clock, alarms, bells } = make(1);
    const [second = new Bell(clock)] = bells;
    alarms.set(new Bell(clock, () => alarms.clear(second)), 10);
    alarms.set(second, 10);
    clock.advance(100);
    expect(second.rings).toEqual([]);
    expect(clock.pending).toBe(0);
  });

  test("ring though one of them throws", () => {
    const { clock, alarms, bells } = make(1);
    const [second = new Bell(clock)] = bells;
    const first = new Bell(clock, () => {
      throw new Error("broken");
    });
    alarms.set(first, 10);
    alarms.set(second, 10);
    expect(() => clock.advance(100)).toThrow("broken");
    clock.advance(100);
    expect([first.rings.length, second.rings.length]).toEqual([1, 1]);
  });
});

test("alarms of different delays ring in the order of their times", () => {
  const { clock, alarms } = make(0);
  const order: string[] = [];
  for (const [name, delay] of [["late", 30] as const, ["early", 10] as const, ["middle", 20] as const]) {
    alarms.set(new Bell(clock, () => void order.push(name)), delay);
  }
  clock.advance(100);
  expect(order).toEqual(["early", "middle", "late"]);
});

function orNone(time: number): number | undefined {
  return Number.isNaN(time) ? undefined : time;
}
