import { afterEach, beforeEach, describe, expect, expectTypeOf, test, vi } from "vitest";
import { authenticate } from "../authenticate.js";
import { AuthSession } from "./auth-session.js";
import { bearerToken } from "./token.js";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Watches a session and gives what it said, and what stops the watch. */
function watch(session: AuthSession<unknown>): { readonly said: string[]; readonly stop: () => void } {
  const said: string[] = [];
  return { said, stop: session.watch((reason) => said.push(reason)) };
}

describe("a session without an end", () => {
  test("is never over, and needs no timer", () => {
    const session = new AuthSession("ann");
    const { said, stop } = watch(session);
    expect([session.user, session.hasEnded, vi.getTimerCount()]).toEqual(["ann", false, 0]);
    stop();
    expect(said).toEqual([]);
  });
});

describe("a session until a time", () => {
  test("is over then, and says so once", () => {
    const session = new AuthSession("ann", { expiresAt: Date.now() + 100 });
    const { said } = watch(session);
    vi.advanceTimersByTime(99);
    expect([session.hasEnded, said]).toEqual([false, []]);
    vi.advanceTimersByTime(1);
    expect([session.hasEnded, said]).toEqual([true, ["token expired"]]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("that is farther than a timer can hold is watched for as long as that", () => {
    const { said } = watch(new AuthSession("ann", { expiresAt: Date.now() + 2 ** 40 }));
    vi.advanceTimersByTime(2 ** 31 - 2);
    expect(said).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(said).toEqual(["token expired"]);
  });

  test("that is no number is a mistake: it must not be a session for ever", () => {
    expect(() => new AuthSession("ann", { expiresAt: Number.NaN })).toThrow(
      new TypeError("AuthSession: expected expiresAt in ms since 1970, got NaN"),
    );
    // @ts-expect-error: a Date is no number
    expect(() => new AuthSession("ann", { expiresAt: new Date(0) })).toThrow(TypeError);
  });
});

describe("a session until a signal", () => {
  test("is over when it is aborted, and says so once, whatever its time", () => {
    const controller = new AbortController();
    const session = new AuthSession("ann", { expiresAt: Date.now() + 100, revoked: controller.signal });
    const { said } = watch(session);
    expect(session.hasEnded).toBe(false);
    controller.abort();
    vi.advanceTimersByTime(100);
    expect([session.hasEnded, said, vi.getTimerCount()]).toEqual([true, ["session revoked"], 0]);
  });

  test("that nobody watches any more says nothing", () => {
    const controller = new AbortController();
    const { said, stop } = watch(
      new AuthSession("ann", { expiresAt: Date.now() + 100, revoked: controller.signal }),
    );
    stop();
    controller.abort();
    vi.advanceTimersByTime(100);
    expect([said, vi.getTimerCount()]).toEqual([[], 0]);
  });

  test("may have as many connections as the session has", () => {
    const warn = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
    const controller = new AbortController();
    const watches = Array.from({ length: 20 }, () =>
      watch(new AuthSession("ann", { revoked: controller.signal })),
    );
    controller.abort();
    expect(watches.map(({ said }) => said)).toEqual(watches.map(() => ["session revoked"]));
    expect(warn).not.toHaveBeenCalled();
  });
});

test("verify may give one in place of a user", () => {
  authenticate({ token: bearerToken(), verify: () => new AuthSession({ name: "ann" }, { expiresAt: 1 }) });
  expectTypeOf(new AuthSession("ann").user).toEqualTypeOf<string>();
});
