import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FakeClock } from "./clock.fixture.js";
import { KeepAlive } from "./keep-alive.js";
import { TimerQueue } from "./timer-queue.js";

/** A connection whose peer answers every ping until it dies. */
class Peer {
  readonly clock: FakeClock = new FakeClock();
  readonly keepAlive: KeepAlive;
  /** When each ping was sent. */
  readonly pings: number[] = [];
  /** When the kernel was asked in place of the peer. */
  readonly probes: number[] = [];
  received = 0;
  paused = false;
  answers = true;
  /** How long the peer takes to answer, in ms. */
  delay = 0;
  /** When it was given up. */
  deadAt: number | undefined;

  constructor(interval: number, timeout: number) {
    this.keepAlive = new KeepAlive(this.clock, new TimerQueue(this.clock), this, interval, timeout);
  }

  died(): void {
    this.deadAt = this.clock.now();
  }

  ping(): void {
    this.pings.push(this.clock.now());
    if (this.answers) this.clock.setTimeout(() => this.arrive(), this.delay);
  }

  probe(): void {
    this.probes.push(this.clock.now());
  }

  /** Bytes that come are seen unless we don't read. */
  arrive(): void {
    if (this.answers && !this.paused) this.received += 2;
  }
}

describe("a peer that answers", () => {
  test("is asked at every interval, and lives", () => {
    const peer = new Peer(20, 10);
    peer.clock.advance(100);
    expect(peer.pings).toEqual([20, 40, 60, 80, 100]);
    expect(peer.deadAt).toBeUndefined();
  });

  test("lives as long as it answers within the time-out, though that is longer than the interval", () => {
    const peer = new Peer(20, 70);
    peer.delay = 69;
    peer.clock.advance(10_000);
    expect(peer.deadAt).toBeUndefined();
  });
});

describe("a peer that is silent", () => {
  test("is given up when the time-out is over, once, and no timer is left", () => {
    const peer = new Peer(20, 10);
    peer.answers = false;
    peer.clock.advance(29);
    expect(peer.deadAt).toBeUndefined();
    peer.clock.advance(1);
    expect(peer.deadAt).toBe(30);
    expect(peer.clock.pending).toBe(0);
    peer.deadAt = undefined;
    peer.clock.advance(1_000);
    expect(peer.deadAt).toBeUndefined();
  });

  test("is asked once in a time-out that is longer than the interval", () => {
    const peer = new Peer(10, 35);
    peer.answers = false;
    peer.clock.advance(100);
    expect(peer.pings).toEqual([10]);
    expect(peer.deadAt).toBe(45);
  });

  test("lives by any byte, a pong or not", () => {
    const peer = new Peer(20, 10);
    peer.answers = false;
    peer.clock.advance(25);
    peer.received += 1;
    peer.clock.advance(10);
    expect(peer.deadAt).toBeUndefined();
    peer.clock.advance(15);
    expect(peer.deadAt).toBe(50);
  });

  test("is found within interval + time-out, whenever it dies", () => {
    const time = fc.integer({ min: 1, max: 100 });
    fc.assert(
      fc.property(
        time,
        time,
        fc.nat({ max: 1_000 }),
        fc.array(fc.nat({ max: 1_000 })),
        (interval, timeout, death, bytes) => {
          const peer = new Peer(interval, timeout);
          for (const at of bytes) peer.clock.setTimeout(() => peer.arrive(), at);
          peer.clock.advance(death);
          expect(peer.deadAt).toBeUndefined();
          peer.answers = false;
          peer.clock.advance(interval + timeout);
          expect(peer.deadAt).toBeGreaterThan(death);
          expect(peer.deadAt).toBeLessThanOrEqual(death + interval + timeout);
        },
      ),
    );
  });
});

describe("a peer that we paused", () => {
  test("is not given up, however long that lasts", () => {
    const peer = new Peer(20, 10);
    peer.paused = true;
    peer.clock.advance(10_000);
    expect(peer.deadAt).toBeUndefined();
  });

  test("is not asked: four times in an interval the kernel is, from the end of the one that runs on", () => {
    const peer = new Peer(20, 10);
    peer.clock.advance(25);
    peer.paused = true;
    peer.clock.advance(35);
    peer.paused = false;
    peer.clock.advance(30);
    expect(peer.pings).toEqual([20, 65, 85]);
    expect(peer.probes).toEqual([40, 45, 50, 55, 60]);
  });

  test("is looked at though it has not answered a ping from before", () => {
    const peer = new Peer(20, 1_000);
    peer.answers = false;
    peer.clock.advance(20);
    peer.paused = true;
    peer.clock.advance(30);
    expect(peer.probes).toEqual([40, 45, 50]);
  });

  test("is not judged by a term in which it was not asked, though it goes on before the end of that", () => {
    const peer = new Peer(20, 19);
    peer.answers = false;
    peer.paused = true;
    peer.clock.advance(20);
    peer.paused = false;
    peer.clock.advance(23);
    expect(peer.deadAt).toBeUndefined();
    peer.clock.advance(1);
    expect(peer.deadAt).toBe(44);
  });

  test("is asked anew when it goes on, and found if it has died meanwhile", () => {
    const peer = new Peer(20, 10);
    peer.paused = true;
    peer.clock.advance(1_011);
    peer.paused = false;
    peer.answers = false;
    peer.clock.advance(30);
    expect(peer.deadAt).toBe(1_025);
  });

  test("is heard before the verdict, where we went on reading only just before", () => {
    const peer = new Peer(20, 10);
    peer.answers = false;
    peer.clock.advance(29);
    // Its answer lies in the kernel, and is read in the turn in which the time is up.
    peer.clock.nextTurn(() => {
      peer.received += 2;
    });
    peer.clock.advance(1);
    expect(peer.deadAt).toBeUndefined();
    peer.clock.advance(20);
    expect(peer.deadAt).toBe(50);
  });
});

describe("after our own event loop stood still", () => {
  test("everyone gets a new term", () => {
    const peer = new Peer(20_000, 20_000);
    peer.answers = false;
    peer.clock.advance(20_000);
    peer.clock.stall(30_000);
    peer.clock.advance(0);
    expect(peer.deadAt).toBeUndefined();
    expect(peer.pings).toEqual([20_000, 50_000]);
    peer.clock.advance(20_000);
    expect(peer.deadAt).toBe(70_000);
  });

  test("a peer that is alive lives on", () => {
    const peer = new Peer(20_000, 20_000);
    peer.delay = 5;
    peer.clock.advance(20_000);
    peer.clock.stall(60_000);
    peer.clock.advance(200_000);
    expect(peer.deadAt).toBeUndefined();
  });

  test("a short delay is none", () => {
    const peer = new Peer(20_000, 20_000);
    peer.answers = false;
    peer.clock.advance(39_999);
    peer.clock.stall(1_001);
    peer.clock.advance(0);
    expect(peer.deadAt).toBe(41_000);
  });
});

describe("switched off", () => {
  test("by an interval of 0, nothing is asked and no timer is set", () => {
    const peer = new Peer(0, 10);
    expect(peer.clock.pending).toBe(0);
    peer.answers = false;
    peer.clock.advance(1_000);
    expect(peer.pings).toEqual([]);
    expect(peer.deadAt).toBeUndefined();
  });

  test.each([0, 19, 20, 29])("by stop after %i ms, no timer is left", (time) => {
    const peer = new Peer(20, 10);
    peer.answers = false;
    peer.clock.advance(time);
    peer.keepAlive.stop();
    expect(peer.clock.pending).toBe(0);
    peer.clock.advance(1_000);
    expect(peer.deadAt).toBeUndefined();
  });

  test("by stop just before the verdict, there is none", () => {
    const peer = new Peer(20, 10);
    peer.answers = false;
    peer.clock.advance(29);
    peer.clock.nextTurn(() => peer.keepAlive.stop());
    peer.clock.advance(1_000);
    expect(peer.deadAt).toBeUndefined();
    expect(peer.clock.pending).toBe(0);
  });
});
