import { describe, expect, test } from "vitest";
import { FakeClock } from "../session/timing/clock.fixture.js";
import { ConnectionDrain } from "./connection-drain.js";
import { Draining } from "./extensions.js";

class Member {
  readonly draining: Draining = new Draining(new AbortController().signal);
}

/** A drain over 2 s of one connection that asked for time and one that did not, and when each was ended. */
class Drained {
  readonly clock: FakeClock = new FakeClock();
  readonly patient: Member = new Member();
  readonly plain: Member = new Member();
  readonly ended: [Member, number][] = [];
  readonly drain: ConnectionDrain<Member>;
  letGo!: () => void;
  fail!: (error: Error) => void;

  constructor(window = 2_000) {
    const kept = new Promise<void>((resolve, reject) => {
      this.letGo = resolve;
      this.fail = reject;
    });
    this.patient.draining.waitUntil(kept);
    this.drain = new ConnectionDrain(this.clock, [this.patient, this.plain], window, (member) => {
      this.ended.push([member, this.clock.now()]);
    });
  }

  get members(): Member[] {
    return this.ended.map(([member]) => member);
  }
}

/** Lets promises tell what they came to. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("a connection whose application asked for time", () => {
  test("is ended at the end of the window, and not before; the others have their moments", async () => {
    const { clock, drain, ended, letGo, patient, plain } = new Drained();
    clock.advance(1_999);
    expect(ended.map(([member]) => member)).toEqual([plain]);
    clock.advance(1);
    expect(ended.slice(1)).toEqual([[patient, 2_000]]);
    drain.finish();
    letGo();
    await settled();
    expect(ended).toHaveLength(2);
    expect(clock.pending).toBe(0);
  });

  test.each(["letGo", "fail"] as const)("is ended when it is let go after its moment: %s", async (end) => {
    const drained = new Drained();
    drained.clock.advance(1_999);
    drained[end](new Error("no matter"));
    await settled();
    expect(drained.members).toEqual([drained.plain, drained.patient]);
    drained.clock.advance(1);
    drained.drain.finish();
    expect(drained.ended).toHaveLength(2);
  });

  test("waits for its moment all the same where it is let go before", async () => {
    const drained = new Drained();
    drained.letGo();
    await settled();
    expect(drained.ended).toEqual([]);
    drained.clock.advance(1_999);
    await settled();
    expect(drained.members).toContain(drained.patient);
  });

  test("waits for all that it was asked to wait for", async () => {
    const drained = new Drained();
    drained.patient.draining.waitUntil(Promise.resolve());
    drained.clock.advance(1_999);
    await settled();
    expect(drained.members).toEqual([drained.plain]);
    drained.letGo();
    await settled();
    expect(drained.members).toHaveLength(2);
  });

  test("waits for what it was asked to wait for after its moment, too", async () => {
    const drained = new Drained();
    drained.clock.advance(1_999);
    let letGoToo = (): void => {};
    drained.patient.draining.waitUntil(
      new Promise<void>((resolve) => {
        letGoToo = resolve;
      }),
    );
    drained.letGo();
    await settled();
    expect(drained.members).toEqual([drained.plain]);
    letGoToo();
    await settled();
    expect(drained.members).toEqual([drained.plain, drained.patient]);
  });

  test("holds nothing of what it waited for, however often it was asked to", async () => {
    const { draining } = new Member();
    for (let count = 0; count < 3; count += 1) {
      draining.waitUntil(Promise.resolve());
      expect(draining.kept).toBeDefined();
      await settled();
      expect(draining.kept).toBeUndefined();
    }
  });

  test("is ended at once without a window, and where the grace is over", () => {
    expect(new Drained(0).ended).toHaveLength(2);
    const { clock, drain, members, ended } = new Drained();
    expect(members).toEqual([]);
    drain.finish();
    expect(ended).toHaveLength(2);
    expect(clock.pending).toBe(0);
  });
});
