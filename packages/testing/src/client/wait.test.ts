import { afterEach, expect, test, vi } from "vitest";
import { atMost, defaultTimeout } from "./wait.js";

afterEach(() => {
  vi.unstubAllEnvs();
});

test("a wait that has only to be tried ends with what it waits for, or when its time is up", async () => {
  await atMost(Promise.resolve(), 60_000);
  await atMost(new Promise(() => {}), 10);
});

test("a wait takes as long as WS_TESTING_TIMEOUT says, 5 s where it says nothing", () => {
  vi.stubEnv("WS_TESTING_TIMEOUT", "60000");
  expect(defaultTimeout()).toBe(60_000);
  for (const nothing of ["", undefined]) {
    vi.stubEnv("WS_TESTING_TIMEOUT", nothing);
    expect(defaultTimeout()).toBe(5_000);
  }
});

test.each(["soon", "0", "-1", "NaN", "2147483648"])(
  "a WS_TESTING_TIMEOUT of %s is refused, with the range",
  (value) => {
    vi.stubEnv("WS_TESTING_TIMEOUT", value);
    expect(defaultTimeout).toThrow(
      `WS_TESTING_TIMEOUT: expected ms from 1 to 2147483647, got ${JSON.stringify(value)}`,
    );
  },
);
