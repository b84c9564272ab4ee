import { expect, test, vi } from "vitest";
import { fakeTime } from "../fake-socket.fixture.js";
import { createPulse, type Pulse } from "./pulse.js";
import type { Wire } from "./wire.js";

interface Watched {
  readonly pulse: Pulse;
  readonly wire: Wire;
  readonly ping: ReturnType<typeof vi.fn<(wire: Wire) => void>>;
  readonly dead: ReturnType<typeof vi.fn>;
}

function watched(every: number): Watched {
  fakeTime();
  const ping = vi.fn((asked: Wire) => {
    asked.asked = ping.mock.calls.length;
  });
  const dead = vi.fn();
  const pulse = createPulse(every, ping, dead);
  const wire: Wire = { due: 0, heard: 0, asked: 0, spreadUntil: 0, sent: 0, confirmed: 0 };
  pulse.start(wire);
  return { pulse, wire, ping, dead };
}

test("idle is silence: what comes puts the question off", async () => {
  const { wire, ping } = watched(25_000);
  await vi.advanceTimersByTimeAsync(20_000);
  wire.heard = Date.now();
  await vi.advanceTimersByTimeAsync(24_999);
  expect(ping).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  expect(ping).toHaveBeenCalledTimes(1);
});

test("half-open is found 35 s after the last message: 25 s of silence, 10 s for an answer", async () => {
  const { dead } = watched(25_000);
  await vi.advanceTimersByTimeAsync(34_999);
  expect(dead).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  expect(dead).toHaveBeenCalledTimes(1);
});

test("with its answer a connection is alive, also where that comes within the same millisecond", async () => {
  const { wire, ping, dead } = watched(25_000);
  ping.mockImplementation(() => {
    wire.heard = Date.now();
  });
  await vi.advanceTimersByTimeAsync(120_000);
  expect([ping.mock.calls.length, dead.mock.calls.length]).toEqual([4, 0]);
});

test("other messages are no answer: half-open in the direction of the server is found as soon", async () => {
  const { wire, pulse, dead } = watched(25_000);
  pulse.probe(wire, 3_000);
  for (let time = 0; time < 30; time += 1) {
    wire.heard = Date.now();
    expect(dead).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(100);
  }
  expect(dead).toHaveBeenCalledTimes(1);
});

test("a question that has less time than the one that is open is put anew; one that has more is not", async () => {
  const { pulse, wire, ping, dead } = watched(25_000);
  pulse.probe(wire, 10_000);
  pulse.probe(wire, 3_000);
  pulse.probe(wire, 5_000);
  expect(ping).toHaveBeenCalledTimes(2);
  await vi.advanceTimersByTimeAsync(3_000);
  expect(dead).toHaveBeenCalledTimes(1);
});

test("questions in a row put no judgement off", async () => {
  const { pulse, wire, dead } = watched(25_000);
  for (let second = 0; second < 5; second += 1) {
    pulse.probe(wire, 5_000);
    await vi.advanceTimersByTimeAsync(1_000);
  }
  expect(dead).toHaveBeenCalledTimes(1);
});

test("a timer that comes 1 s late slept: it asks again in place of judging", async () => {
  const { ping, dead } = watched(25_000);
  await vi.advanceTimersByTimeAsync(25_000);
  vi.setSystemTime(Date.now() + 8 * 3_600_000);
  await vi.advanceTimersByTimeAsync(10_000);
  expect([ping.mock.calls.length, dead.mock.calls.length]).toEqual([2, 0]);
  await vi.advanceTimersByTimeAsync(2_999);
  expect(dead).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  expect(dead).toHaveBeenCalledTimes(1);
});

test("after a sleep what was sent before it is no sign of life, though it is read behind it", async () => {
  const { wire, ping, dead } = watched(25_000);
  await vi.advanceTimersByTimeAsync(20_000);
  vi.setSystemTime(Date.now() + 8 * 3_600_000);
  wire.heard = Date.now();
  await vi.advanceTimersByTimeAsync(5_000);
  expect(ping).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(3_000);
  expect(dead).toHaveBeenCalledTimes(1);
});

test("after a sleep the page's question is put at once, whatever was asked before", async () => {
  const { pulse, wire, ping, dead } = watched(25_000);
  await vi.advanceTimersByTimeAsync(25_000);
  vi.setSystemTime(Date.now() + 8 * 3_600_000);
  pulse.probe(wire, 3_000);
  expect(ping).toHaveBeenCalledTimes(2);
  await vi.advanceTimersByTimeAsync(3_000);
  expect(dead).toHaveBeenCalledTimes(1);
});

test("0 asks never, and what was stopped neither", async () => {
  const never = watched(0);
  never.pulse.probe(never.wire, 1);
  await vi.advanceTimersByTimeAsync(120_000);
  const stopped = watched(25_000);
  clearTimeout(stopped.wire.timer);
  await vi.advanceTimersByTimeAsync(120_000);
  expect([never.ping, stopped.ping].map(({ mock }) => mock.calls.length)).toEqual([0, 0]);
});
