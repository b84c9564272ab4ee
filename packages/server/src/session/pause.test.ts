import { expect, test } from "vitest";
import { Pause } from "./pause.js";
import { FakeTransport, SessionFixture } from "./session.fixture.js";
import { FakeClock } from "./timing/clock.fixture.js";

function make(timeout: number): {
  clock: FakeClock;
  transport: FakeTransport;
  pause: Pause;
  over: () => number;
} {
  const clock = new FakeClock();
  const transport = new FakeTransport();
  let count = 0;
  const pause = new Pause(clock, transport, timeout, () => {
    count += 1;
  });
  return { clock, transport, pause, over: () => count };
}

test("the peer is stopped, and goes on", () => {
  const { transport, pause } = make(100);
  pause.set(true);
  pause.set(false);
  expect(transport.take()).toEqual([["pause"], ["resume"]]);
});

test("a pause that lasts its time-out is said to be over, once; a shorter one is not", () => {
  const { clock, pause, over } = make(100);
  pause.set(true);
  clock.advance(99);
  pause.set(false);
  clock.advance(1_000);
  expect(over()).toBe(0);
  pause.set(true);
  clock.advance(100);
  expect(over()).toBe(1);
  expect(clock.pending).toBe(0);
});

test("without a time-out a pause may last for ever", () => {
  const { clock, pause, over } = make(0);
  pause.set(true);
  expect(clock.pending).toBe(0);
  clock.advance(1_000_000);
  expect(over()).toBe(0);
});

test("a connection that is paused too long is closed with 1008, and reads on for the answer", async () => {
  const { session, transport, clock, text, told } = fixture();
  await session.receive();
  await session.send({ type: "websocket.accept" });
  transport.take();
  text("one");
  text("two");
  clock.advance(50);
  expect(transport.take()).toEqual([["pause"], ["close", 1008, "receive timeout"], ["resume"]]);
  expect(told).toContain("ended 1006 server");
  clock.advance(1_000);
  expect(transport.take()).toEqual([["terminate"]]);
});

function fixture(): Pick<SessionFixture, "session" | "transport" | "clock" | "told"> & {
  text: (text: string) => void;
} {
  const made = new SessionFixture({ receiveTimeout: 50, receiveQueue: { messages: 2, bytes: 1_000 } });
  return { ...made, text: (text) => made.text(text) };
}
