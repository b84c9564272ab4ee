import { afterEach, beforeEach, describe, expect, expectTypeOf, test, vi } from "vitest";
import { authenticate } from "./authenticate.js";
import { Grant } from "./grant.js";
import { bearerToken } from "./token.js";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Watches a grant and gives what it said, and what stops the watch. */
function watch(grant: Grant<unknown>): { readonly said: string[]; readonly stop: () => void } {
  const said: string[] = [];
  return { said, stop: grant.watch((reason) => said.push(reason)) };
}

describe("a grant without an end", () => {
  test("is never over, and needs no timer", () => {
    const grant = new Grant("ann");
    const { said, stop } = watch(grant);
    expect([grant.user, grant.isOver, vi.getTimerCount()]).toEqual(["ann", false, 0]);
    stop();
    expect(said).toEqual([]);
  });
});

describe("a grant until a time", () => {
  test("is over then, and says so once", () => {
    const grant = new Grant("ann", { expiresAt: Date.now() + 100 });
    const { said } = watch(grant);
    vi.advanceTimersByTime(99);
    expect([grant.isOver, said]).toEqual([false, []]);
    vi.advanceTimersByTime(1);
    expect([grant.isOver, said]).toEqual([true, ["token expired"]]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("that is farther than a timer can hold is watched for as long as that", () => {
    const { said } = watch(new Grant("ann", { expiresAt: Date.now() + 2 ** 40 }));
    vi.advanceTimersByTime(2 ** 31 - 2);
    expect(said).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(said).toEqual(["token expired"]);
  });

  test("that is no number is a mistake: it must not be a grant for ever", () => {
    expect(() => new Grant("ann", { expiresAt: Number.NaN })).toThrow(
      new TypeError("Grant: expected expiresAt in ms since 1970, got NaN"),
    );
    // @ts-expect-error: a Date is no number
    expect(() => new Grant("ann", { expiresAt: new Date(0) })).toThrow(TypeError);
  });
});

describe("a grant until a signal", () => {
  test("is over when it is aborted, and says so once, whatever its time", () => {
    const session = new AbortController();
    const grant = new Grant("ann", { expiresAt: Date.now() + 100, revoked: session.signal });
    const { said } = watch(grant);
    expect(grant.isOver).toBe(false);
    session.abort();
    vi.advanceTimersByTime(100);
    expect([grant.isOver, said, vi.getTimerCount()]).toEqual([true, ["session revoked"], 0]);
  });

  test("that nobody watches any more says nothing", () => {
    const session = new AbortController();
    const { said, stop } = watch(new Grant("ann", { expiresAt: Date.now() + 100, revoked: session.signal }));
    stop();
    session.abort();
    vi.advanceTimersByTime(100);
    expect([said, vi.getTimerCount()]).toEqual([[], 0]);
  });

  test("may have as many connections as the session has", () => {
    const warn = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
    const session = new AbortController();
    const watches = Array.from({ length: 20 }, () => watch(new Grant("ann", { revoked: session.signal })));
    session.abort();
    expect(watches.map(({ said }) => said)).toEqual(watches.map(() => ["session revoked"]));
    expect(warn).not.toHaveBeenCalled();
  });
});

test("verify may give one in place of a user", () => {
  authenticate({ token: bearerToken(), verify: () => new Grant({ name: "ann" }, { expiresAt: 1 }) });
  expectTypeOf(new Grant("ann").user).toEqualTypeOf<string>();
});
