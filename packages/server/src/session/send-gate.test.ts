import { ConnectionClosed } from "@ws/events";
import { describe, expect, test, vi } from "vitest";
import { SendGate } from "./send-gate.js";
import { FakeClock } from "./timing/clock.fixture.js";

const gone = new ConnectionClosed({ code: 1006, reason: "", wasClean: false, initiator: "network" });

interface Made {
  readonly gate: SendGate;
  readonly clock: FakeClock;
  readonly onSlow: ReturnType<typeof vi.fn<() => void>>;
}

function make(timeout = 1_000, mark = 0): Made {
  const clock = new FakeClock();
  const onSlow = vi.fn<() => void>();
  return { gate: new SendGate(clock, timeout, mark, onSlow), clock, onSlow };
}

describe("a send that waits", () => {
  test("resolves when the gate opens, and not before", async () => {
    const { gate } = make();
    const order: string[] = [];
    const wait = gate.wait(0).then(() => order.push("sent"));
    await Promise.resolve();
    expect(gate.isWaiting).toBe(true);
    order.push("open");
    gate.open();
    await wait;
    expect(order).toEqual(["open", "sent"]);
    expect(gate.isWaiting).toBe(false);
  });

  test("resolves after those that waited before it", async () => {
    const { gate } = make();
    const order: number[] = [];
    const waits = [1, 2, 3].map((index) => gate.wait(0).then(() => order.push(index)));
    gate.open();
    await Promise.all(waits);
    expect(order).toEqual([1, 2, 3]);
  });

  test("rejects when the connection ends, as all the others do", async () => {
    const { gate } = make();
    const waits = [gate.wait(0), gate.wait(0)];
    gate.fail(gone);
    for (const wait of waits) await expect(wait).rejects.toBe(gone);
    expect(gate.isWaiting).toBe(false);
  });

  test("that nobody awaits ends no process when the connection ends", async () => {
    const onUnhandled = vi.fn();
    process.on("unhandledRejection", onUnhandled);
    const { gate } = make();
    void gate.wait(0);
    gate.fail(gone);
    await new Promise((resolve) => setImmediate(resolve));
    process.off("unhandledRejection", onUnhandled);
    expect(onUnhandled).not.toHaveBeenCalled();
  });
});

describe("a gate where nobody waits", () => {
  test("can open and fail, and has set no timer", () => {
    const { gate, clock } = make();
    gate.open();
    gate.fail(gone);
    expect(gate.isWaiting).toBe(false);
    expect(clock.pending).toBe(0);
  });
});

describe("a peer is too slow", () => {
  test("when the gate has been shut for the time-out, counted from the first that waits", () => {
    const { gate, clock, onSlow } = make(1_000);
    void gate.wait(0);
    clock.advance(600);
    void gate.wait(0);
    expect(clock.pending).toBe(1);
    clock.advance(399);
    expect(onSlow).not.toHaveBeenCalled();
    clock.advance(1);
    expect(onSlow).toHaveBeenCalledOnce();
  });

  test("not when the gate has opened in time; then a new time begins with the next that waits", () => {
    const { gate, clock, onSlow } = make(1_000);
    void gate.wait(0);
    clock.advance(999);
    gate.open();
    expect(clock.pending).toBe(0);
    clock.advance(5_000);
    void gate.wait(0);
    clock.advance(999);
    expect(onSlow).not.toHaveBeenCalled();
    clock.advance(1);
    expect(onSlow).toHaveBeenCalledOnce();
  });

  test("not when the connection has ended", () => {
    const { gate, clock, onSlow } = make(1_000);
    void gate.wait(0);
    gate.fail(gone);
    clock.advance(5_000);
    expect(onSlow).not.toHaveBeenCalled();
    expect(clock.pending).toBe(0);
  });

  test("when a 17th send comes to wait after the turn in which the first did: nobody awaits them", () => {
    const { gate, clock, onSlow } = make();
    void gate.wait(0);
    clock.turn();
    for (let count = 0; count < 16; count += 1) void gate.wait(0);
    expect(onSlow).not.toHaveBeenCalled();
    void gate.wait(0);
    expect(onSlow).toHaveBeenCalledOnce();
  });

  test("not for what one turn sends, however much: its messages are in the application's hands already", () => {
    const { gate, clock, onSlow } = make();
    for (let count = 0; count < 1_000; count += 1) void gate.wait(0);
    clock.turn();
    void gate.wait(0);
    gate.open();
    for (let count = 0; count < 1_000; count += 1) void gate.wait(0);
    expect(onSlow).not.toHaveBeenCalled();
  });

  test("when sixteen times the mark is held while several wait; one message of any size is no reason", () => {
    const { gate, onSlow } = make(1_000, 100_000);
    void gate.wait(99_999_999);
    void gate.wait(1_600_000);
    expect(onSlow).not.toHaveBeenCalled();
    void gate.wait(1_600_001);
    expect(onSlow).toHaveBeenCalledOnce();
  });

  test("a small mark counts as 64 KiB; a socket that takes nothing any more is not slow, but at its end", () => {
    const { gate, onSlow } = make(1_000, 0);
    void gate.wait(1);
    void gate.wait(16 * 65_536);
    void gate.wait(Number.POSITIVE_INFINITY);
    expect(onSlow).not.toHaveBeenCalled();
    void gate.wait(16 * 65_536 + 1);
    expect(onSlow).toHaveBeenCalledOnce();
  });

  test("and the 17th is rejected with the rest when the connection is ended for it", async () => {
    const clock = new FakeClock();
    const gate: SendGate = new SendGate(clock, 1_000, 0, () => gate.fail(gone));
    const waits = [gate.wait(0)];
    clock.turn();
    for (let count = 0; count < 17; count += 1) waits.push(gate.wait(0));
    for (const wait of waits) await expect(wait).rejects.toBe(gone);
    expect(clock.pending).toBe(0);
  });
});
