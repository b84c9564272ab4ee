import { describe, expect, test, vi } from "vitest";
import { AuthSession } from "./auth-session.js";
import { isSameUser, RenewableSession } from "./renewable-session.js";

interface User {
  readonly id: number;
  readonly role?: string;
}

/** A session of a minute, and what becomes of it; a token is the JSON of a user. */
function renewable(): { session: RenewableSession<User>; renewed: User[]; ends: string[] } {
  const renewed: User[] = [];
  const ends: string[] = [];
  const session = new RenewableSession<User>(new AuthSession({ id: 1 }, { expiresAt: Date.now() + 60_000 }), {
    verify: async (token) =>
      token === ""
        ? undefined
        : new AuthSession(JSON.parse(token) as User, { expiresAt: Date.now() + 120_000 }),
    isSameUser,
    onRenewed: (user) => void renewed.push(user),
    onEnd: (reason) => void ends.push(reason),
  });
  return { session, renewed, ends };
}

describe("a session", () => {
  test("goes on by a new token of the same user, whom it names from then on", async () => {
    vi.useFakeTimers();
    try {
      const { session, renewed, ends } = renewable();
      expect(session.user).toEqual({ id: 1 });
      expect(await session.renew('{"id":1,"role":"admin"}')).toBe(true);
      expect(session.user).toEqual({ id: 1, role: "admin" });
      expect(session.expiresAt - Date.now()).toBe(120_000);
      expect(renewed).toEqual([{ id: 1, role: "admin" }]);
      await vi.advanceTimersByTimeAsync(119_999);
      expect(ends).toEqual([]);
      await vi.advanceTimersByTimeAsync(1);
      expect(ends).toEqual(["token expired"]);
      expect(await session.renew('{"id":1}')).toBe(false);
    } finally {
      vi.useRealTimers();
    }
  });

  test("stays as it is by a token that is another user's, or nobody's", async () => {
    const { session, renewed } = renewable();
    const { expiresAt } = session;
    expect(await session.renew('{"id":2}')).toBe(false);
    expect(await session.renew("")).toBe(false);
    expect([session.user, session.expiresAt, renewed]).toEqual([{ id: 1 }, expiresAt, []]);
    session.end();
    expect(await session.renew('{"id":1}')).toBe(false);
  });
});

test.each([
  [{ id: 1, iat: 1 }, { id: 1, iat: 2 }, true],
  [{ sub: "a", iat: 1 }, { sub: "a", iat: 2 }, true],
  [{ id: 1 }, { id: "1" }, false],
  [{ name: "ann" }, { name: "ann" }, true],
  [{ name: "ann" }, { name: "bob" }, false],
  ["ann", "ann", true],
  ["ann", "bob", false],
])("%j and %j are the same user: %s", (one, other, expected) => {
  expect(isSameUser(one, other)).toBe(expected);
});
