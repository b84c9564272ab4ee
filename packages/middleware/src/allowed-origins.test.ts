import { connect } from "@ws/testing";
import { expect, test } from "vitest";
import { allowedOrigins } from "./allowed-origins.js";
import { echo } from "./echo.fixture.js";
import { refused } from "./refused.fixture.js";

// The server's own check is off, so that this one is seen.
const server = { allowedOrigins: "*" } as const;
const application = allowedOrigins(["https://good.com", "same-host"])(echo);

test.each(["https://good.com", "http://localhost"])("a page of %s may connect", async (origin) => {
  await using session = await connect(application, "/ws/", { origin, server });
  await session.sendText("hi");
  expect(await session.receiveText()).toBe("hi");
});

test("what is no page, and has no Origin, may connect", async () => {
  await using session = await connect(application, "/ws/", { server });
  await session.sendText("hi");
  expect(await session.receiveText()).toBe("hi");
});

test.each([
  "https://evil.com",
  "https://good.com.evil.com",
  "https://good.com:444",
  "http://good.com",
  "null",
  "x",
])("a page of %s is refused with 403, before the application runs", async (origin) => {
  const never = allowedOrigins(["https://good.com"])(() => Promise.reject(new Error("it ran")));
  const { status, body, cause } = await refused(never, { origin, server });
  expect(status).toBe(403);
  expect(body).toHaveLength(0);
  expect(cause).toBeUndefined();
});

test("an entry that is no origin is a mistake, told at once", () => {
  expect(() => allowedOrigins(["good.com"])).toThrow(/expected "\*", a function/);
});

test("a function decides, at once or later", async () => {
  for (const decide of [(origin: string) => origin === "https://good.com", async () => true]) {
    await using session = await connect(allowedOrigins(decide)(echo), "/ws/", {
      origin: "https://good.com",
      server,
    });
    await session.sendText("hi");
    expect(await session.receiveText()).toBe("hi");
  }
  const never = allowedOrigins(async () => false)(() => Promise.reject(new Error("it ran")));
  const { status, cause } = await refused(never, { origin: "https://good.com", server });
  expect([status, cause]).toEqual([403, undefined]);
});
