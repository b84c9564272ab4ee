import { describe, expect, test } from "vitest";
import { SessionFixture } from "../session.fixture.js";
import { FakeClock } from "./clock.fixture.js";
import { MessageDeadline } from "./message-deadline.js";
import { TimerQueue } from "./timer-queue.js";

/** A connection under a deadline of 40 ms: it is looked at every 10. */
class Case {
  readonly clock: FakeClock = new FakeClock();
  unfinished = 0;
  paused = false;
  lateAt: number | undefined;
  readonly deadline: MessageDeadline;

  constructor(timeout = 40) {
    this.deadline = new MessageDeadline(this.clock, new TimerQueue(this.clock), this, timeout);
  }

  late(): void {
    this.lateAt = this.clock.now();
  }
}

describe("a message that is not finished", () => {
  test("is late when its time is up, at most a quarter after it", () => {
    const one = new Case();
    one.clock.advance(5);
    one.unfinished = 1;
    one.clock.advance(39);
    expect(one.lateAt).toBeUndefined();
    one.clock.advance(11);
    expect(one.lateAt).toBe(50);
    expect(one.clock.pending).toBe(0);
  });

  test("is late where it began behind others, though the same look finds it", () => {
    const one = new Case();
    one.unfinished = 1;
    one.clock.advance(35);
    one.unfinished = 7;
    one.clock.advance(44);
    expect(one.lateAt).toBeUndefined();
    one.clock.advance(1);
    expect(one.lateAt).toBe(80);
  });
});

describe("a connection lives on", () => {
  test("that is silent", () => {
    const one = new Case();
    one.clock.advance(10_000);
    expect(one.lateAt).toBeUndefined();
  });

  test("whose messages end in time, though one is under way at every look", () => {
    const one = new Case();
    for (let count = 0; count < 100; count += 1) {
      one.unfinished += 1;
      one.clock.advance(30);
    }
    expect(one.lateAt).toBeUndefined();
  });

  test("that we paused; when it goes on, its message has its whole time again", () => {
    const one = new Case();
    one.unfinished = 1;
    one.clock.advance(35);
    one.paused = true;
    one.clock.advance(1_000);
    expect(one.lateAt).toBeUndefined();
    one.paused = false;
    one.clock.advance(39);
    expect(one.lateAt).toBeUndefined();
    one.clock.advance(11);
    expect(one.lateAt).toBe(1_080);
  });

  test("that could not be read because our own event loop stood still", () => {
    const one = new Case(40_000);
    one.unfinished = 1;
    one.clock.advance(45_000);
    one.clock.stall(60_000);
    one.clock.advance(0);
    expect(one.lateAt).toBeUndefined();
    one.clock.advance(10_000);
    expect(one.lateAt).toBe(115_000);
  });
});

describe("switched off", () => {
  test("by 0, nothing is looked at", () => {
    const one = new Case(0);
    one.unfinished = 1;
    one.clock.advance(10_000);
    expect([one.lateAt, one.clock.pending]).toEqual([undefined, 0]);
  });

  test("by stop, no timer is left", () => {
    const one = new Case();
    one.deadline.stop();
    expect(one.clock.pending).toBe(0);
  });
});

describe("a session", () => {
  test("gives up a peer whose message is late, with 1008, and ends it within a second", async () => {
    const fixture = new SessionFixture({ messageTimeout: 40, pingInterval: 0 });
    await fixture.open();
    fixture.transport.unfinished = 1;
    fixture.clock.advance(50);
    expect(fixture.transport.take()).toEqual([["close", 1008, "message timeout"]]);
    expect(fixture.session.closeState).toMatchObject({ code: 1006, initiator: "server" });
    fixture.clock.advance(1_000);
    expect(fixture.transport.take()).toEqual([["terminate"]]);
  });

  test("that has ended looks no more", async () => {
    const fixture = new SessionFixture({ messageTimeout: 40, pingInterval: 0 });
    await fixture.open();
    fixture.session.ended({ code: 1000, reason: "", wasClean: true, initiator: "client" });
    fixture.session.released();
    expect(fixture.clock.pending).toBe(0);
  });
});
