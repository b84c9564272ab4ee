import type { ReceiveEvent } from "@ws/events";
import fc from "fast-check";
import { expect, it, vi } from "vitest";
import { Inbox } from "./inbox.js";
import { FakeWire, rejection, text } from "./wire.fixture.js";

function deferred(): { promise: Promise<ReceiveEvent>; reject: (error: Error) => void } {
  let reject = (_error: Error): void => {};
  const promise = new Promise<ReceiveEvent>((_, rejectPromise) => {
    reject = rejectPromise;
  });
  return { promise, reject };
}

const numbered = (count: number): ReceiveEvent[] =>
  Array.from({ length: count }, (_, index) => text(`${index}`));

it("gives the events in the order in which they came", async () => {
  const inbox = new Inbox(new FakeWire().push(text("a"), text("b")).receive);
  expect([await inbox.next(), await inbox.next()]).toEqual([text("a"), text("b")]);
});

it("asks for an event only when somebody asks for one", async () => {
  const wire = new FakeWire().push(text("a"), text("b"));
  const inbox = new Inbox(wire.receive);
  expect(wire.asked).toBe(0);
  await inbox.next();
  expect(wire.asked).toBe(1);
});

it("a caller that gives up gets the signal's reason, and the event that then comes goes to the next", async () => {
  const wire = new FakeWire();
  const inbox = new Inbox(wire.receive);
  const controller = new AbortController();
  const waiting = inbox.next(controller.signal);
  const reason = new Error("enough");
  controller.abort(reason);
  expect(await rejection(waiting)).toBe(reason);
  wire.push(text("a"));
  expect(await inbox.next()).toEqual(text("a"));
  expect(wire.asked).toBe(1);
});

it("an event that came while nobody waited is kept for the next", async () => {
  const wire = new FakeWire();
  const inbox = new Inbox(wire.receive);
  const controller = new AbortController();
  const waiting = inbox.next(controller.signal);
  controller.abort();
  await rejection(waiting);
  wire.push(text("a"), text("b"));
  await Promise.resolve();
  expect(await inbox.next(new AbortController().signal)).toEqual(text("a"));
  expect(await inbox.next()).toEqual(text("b"));
});

it("a signal that is already aborted rejects at once, asks for nothing and takes nothing", async () => {
  const wire = new FakeWire().push(text("a"));
  const inbox = new Inbox(wire.receive);
  expect(await rejection(inbox.next(AbortSignal.abort("gone")))).toBe("gone");
  expect(wire.asked).toBe(0);
  expect(await inbox.next()).toEqual(text("a"));
});

it("not even an event that is kept goes to a signal that is already aborted", async () => {
  const wire = new FakeWire();
  const inbox = new Inbox(wire.receive);
  const controller = new AbortController();
  const waiting = inbox.next(controller.signal);
  controller.abort();
  await rejection(waiting);
  wire.push(text("a"));
  await Promise.resolve();
  expect(await rejection(inbox.next(AbortSignal.abort("gone")))).toBe("gone");
  expect(await inbox.next()).toEqual(text("a"));
});

it("several that wait are served first come first served, with a signal or without", async () => {
  const wire = new FakeWire();
  const inbox = new Inbox(wire.receive);
  const { signal } = new AbortController();
  const waiting = [inbox.next(), inbox.next(signal), inbox.next(), inbox.next(signal)];
  wire.push(...numbered(4));
  expect(await Promise.all(waiting)).toEqual(numbered(4));
});

it("when one of several gives up, the others keep their order", async () => {
  const wire = new FakeWire();
  const inbox = new Inbox(wire.receive);
  const { signal } = new AbortController();
  const leaver = new AbortController();
  const first = inbox.next(signal);
  const second = inbox.next(leaver.signal);
  const third = inbox.next(signal);
  leaver.abort();
  await rejection(second);
  wire.push(...numbered(3));
  expect(await Promise.all([first, third, inbox.next()])).toEqual(numbered(3));
});

it("takes its listener off the signal when the event has come", async () => {
  const wire = new FakeWire();
  const inbox = new Inbox(wire.receive);
  const { signal } = new AbortController();
  const removed = vi.spyOn(signal, "removeEventListener");
  const waiting = inbox.next(signal);
  wire.push(text("a"));
  await waiting;
  expect(removed).toHaveBeenCalledOnce();
});

it("a receive that fails fails the one who waits, and the next is asked for anew", async () => {
  const failures = [new Error("first"), new Error("second")];
  const receive = vi.fn(() => Promise.reject(failures.shift() ?? new Error("none left")));
  const inbox = new Inbox(receive);
  const { signal } = new AbortController();
  expect(await rejection(inbox.next(signal))).toMatchObject({ message: "first" });
  expect(await rejection(inbox.next(signal))).toMatchObject({ message: "second" });
});

it("a receive that fails after its caller gave up disturbs nobody", async () => {
  let fail = (_error: Error): void => {};
  const inbox = new Inbox(() => {
    const { promise, reject } = deferred();
    fail = reject;
    return promise;
  });
  const controller = new AbortController();
  const waiting = inbox.next(controller.signal);
  controller.abort("enough");
  expect(await rejection(waiting)).toBe("enough");
  fail(new Error("late"));
  await Promise.resolve();
  const next = inbox.next();
  fail(new Error("in time"));
  expect(await rejection(next)).toMatchObject({ message: "in time" });
});

type Step =
  | { readonly do: "push" | "ask" | "ask with signal" }
  | { readonly do: "give up"; readonly who: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constantFrom("push", "ask", "ask with signal") }),
  fc.record({ do: fc.constant("give up"), who: fc.nat(9) }),
);

/** The events, and those who still wait for one: served in the order of both. */
function model(givenUp: ReadonlySet<number>, asked: number): number[] {
  return Array.from({ length: asked }, (_, caller) => caller).filter((caller) => !givenUp.has(caller));
}

it("whoever gives up and when, no event is lost, doubled or out of order (property)", async () => {
  const property = fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
    const wire = new FakeWire();
    const inbox = new Inbox(wire.receive);
    const callers: (AbortController | undefined)[] = [];
    const got = new Map<number, ReceiveEvent>();
    const givenUp = new Set<number>();
    let pushed = 0;
    const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
    for (const one of steps) {
      if (one.do === "push") wire.push(text(`${pushed++}`));
      else if (one.do === "give up") callers[one.who]?.abort();
      else {
        const caller = callers.length;
        const controller = one.do === "ask" ? undefined : new AbortController();
        callers.push(controller);
        inbox.next(controller?.signal).then(
          (event) => got.set(caller, event),
          () => givenUp.add(caller),
        );
      }
      await settle();
    }
    const served = model(givenUp, callers.length).slice(0, pushed);
    expect([...got].sort(([a], [b]) => a - b)).toEqual(
      served.map((caller, index) => [caller, text(`${index}`)]),
    );
    for (let index = served.length; index < pushed; index += 1) {
      expect(await inbox.next()).toEqual(text(`${index}`));
    }
  });
  await fc.assert(property, { numRuns: 200 });
});
