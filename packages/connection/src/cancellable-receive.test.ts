import type { ReceiveEvent } from "@ws/events";
import { Driver } from "@ws/testing/driver";
import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { CancellableReceive } from "./cancellable-receive.js";
import { rejection, text } from "./events.fixture.js";

function deferred(): { promise: Promise<ReceiveEvent>; reject: (error: Error) => void } {
  let reject = (_error: Error): void => {};
  const promise = new Promise<ReceiveEvent>((_, rejectPromise) => {
    reject = rejectPromise;
  });
  return { promise, reject };
}

const numbered = (count: number): ReceiveEvent[] =>
  Array.from({ length: count }, (_, index) => text(`${index}`));

test("gives the events in the order in which they came", async () => {
  const cancellable = new CancellableReceive(new Driver(text("a"), text("b")).receive);
  expect([await cancellable.next(), await cancellable.next()]).toEqual([text("a"), text("b")]);
});

test("asks for an event only when somebody asks for one", async () => {
  const driver = new Driver(text("a"), text("b"));
  const cancellable = new CancellableReceive(driver.receive);
  expect(driver.asked).toBe(0);
  await cancellable.next();
  expect(driver.asked).toBe(1);
});

test("a caller that gives up gets the signal's reason, and the event that then comes goes to the next", async () => {
  const driver = new Driver();
  const cancellable = new CancellableReceive(driver.receive);
  const controller = new AbortController();
  const waiting = cancellable.next(controller.signal);
  const reason = new Error("enough");
  controller.abort(reason);
  expect(await rejection(waiting)).toBe(reason);
  driver.push(text("a"));
  expect(await cancellable.next()).toEqual(text("a"));
  expect(driver.asked).toBe(1);
});

test("an event that came while nobody waited is kept for the next", async () => {
  const driver = new Driver();
  const cancellable = new CancellableReceive(driver.receive);
  const controller = new AbortController();
  const waiting = cancellable.next(controller.signal);
  controller.abort();
  await rejection(waiting);
  driver.push(text("a"), text("b"));
  await Promise.resolve();
  expect(await cancellable.next(new AbortController().signal)).toEqual(text("a"));
  expect(await cancellable.next()).toEqual(text("b"));
});

test("a signal that is already aborted rejects at once, asks for nothing and takes nothing", async () => {
  const driver = new Driver(text("a"));
  const cancellable = new CancellableReceive(driver.receive);
  expect(await rejection(cancellable.next(AbortSignal.abort("gone")))).toBe("gone");
  expect(driver.asked).toBe(0);
  expect(await cancellable.next()).toEqual(text("a"));
});

test("not even an event that is kept goes to a signal that is already aborted", async () => {
  const driver = new Driver();
  const cancellable = new CancellableReceive(driver.receive);
  const controller = new AbortController();
  const waiting = cancellable.next(controller.signal);
  controller.abort();
  await rejection(waiting);
  driver.push(text("a"));
  await Promise.resolve();
  expect(await rejection(cancellable.next(AbortSignal.abort("gone")))).toBe("gone");
  expect(await cancellable.next()).toEqual(text("a"));
});

test("several that wait are served first come first served, with a signal or without", async () => {
  const driver = new Driver();
  const cancellable = new CancellableReceive(driver.receive);
  const { signal } = new AbortController();
  const waiting = [
    cancellable.next(),
    cancellable.next(signal),
    cancellable.next(),
    cancellable.next(signal),
  ];
  driver.push(...numbered(4));
  expect(await Promise.all(waiting)).toEqual(numbered(4));
});

test("when one of several gives up, the others keep their order", async () => {
  const driver = new Driver();
  const cancellable = new CancellableReceive(driver.receive);
  const { signal } = new AbortController();
  const leaver = new AbortController();
  const first = cancellable.next(signal);
  const second = cancellable.next(leaver.signal);
  const third = cancellable.next(signal);
  leaver.abort();
  await rejection(second);
  driver.push(...numbered(3));
  expect(await Promise.all([first, third, cancellable.next()])).toEqual(numbered(3));
});

test("takes its listener off the signal when the event has come", async () => {
  const driver = new Driver();
  const cancellable = new CancellableReceive(driver.receive);
  const { signal } = new AbortController();
  const removed = vi.spyOn(signal, "removeEventListener");
  const waiting = cancellable.next(signal);
  driver.push(text("a"));
  await waiting;
  expect(removed).toHaveBeenCalledOnce();
});

test("a receive that fails fails the one who waits, and the next is asked for anew", async () => {
  const failures = [new Error("first"), new Error("second")];
  const receive = vi.fn(() => Promise.reject(failures.shift() ?? new Error("none left")));
  const cancellable = new CancellableReceive(receive);
  const { signal } = new AbortController();
  expect(await rejection(cancellable.next(signal))).toMatchObject({ message: "first" });
  expect(await rejection(cancellable.next(signal))).toMatchObject({ message: "second" });
});

test("a receive that fails after its caller gave up disturbs nobody", async () => {
  let fail = (_error: Error): void => {};
  const cancellable = new CancellableReceive(() => {
    const { promise, reject } = deferred();
    fail = reject;
    return promise;
  });
  const controller = new AbortController();
  const waiting = cancellable.next(controller.signal);
  controller.abort("enough");
  expect(await rejection(waiting)).toBe("enough");
  fail(new Error("late"));
  await Promise.resolve();
  const next = cancellable.next();
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

test("whoever gives up and when, no event is lost, doubled or out of order (property)", async () => {
  const property = fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
    const driver = new Driver();
    const cancellable = new CancellableReceive(driver.receive);
    const callers: (AbortController | undefined)[] = [];
    const got = new Map<number, ReceiveEvent>();
    const givenUp = new Set<number>();
    let pushed = 0;
    const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
    for (const one of steps) {
      if (one.do === "push") driver.push(text(`${pushed++}`));
      else if (one.do === "give up") callers[one.who]?.abort();
      else {
        const caller = callers.length;
        const controller = one.do === "ask" ? undefined : new AbortController();
        callers.push(controller);
        cancellable.next(controller?.signal).then(
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
      expect(await cancellable.next()).toEqual(text(`${index}`));
    }
  });
  await fc.assert(property, { numRuns: 200 });
});
