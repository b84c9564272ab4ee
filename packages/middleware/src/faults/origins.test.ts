import { loopback, start } from "@ws/testing";
import { expect, test } from "vitest";
import { allowedOrigins } from "../allowed-origins.js";
import { echo } from "../echo.fixture.js";
import { refused } from "../refused.fixture.js";

// The server's own check is off, so that this one is seen.
const server = { allowedOrigins: "*" } as const;
const origin = "https://good.com";

test("fault 179: a function that throws or rejects lets nobody in, and its error reaches the server's log", async () => {
  const error = new Error("no database");
  for (const fails of [
    () => {
      throw error;
    },
    () => Promise.reject(error),
  ]) {
    let called = 0;
    const application = allowedOrigins(fails)(async ({ type }) => {
      if (type === "websocket") called += 1;
    });
    // What the application of a test throws is the cause of the refusal: it went on to the server.
    const { status, cause } = await refused(application, { origin, server });
    expect([status, cause, called]).toEqual([403, error, 0]);
  }
});

test("fault 179: only true lets a page in, and a wildcard never the host itself", async () => {
  for (const answer of [undefined, "yes", 1]) {
    const application = allowedOrigins(() => answer as unknown as boolean)(echo);
    expect((await refused(application, { origin, server })).status).toBe(403);
  }
  const below = allowedOrigins(["https://*.good.com"])(echo);
  for (const other of [origin, "https://agood.com", "https://evil.com/.good.com"]) {
    expect((await refused(below, { origin: other, server })).status).toBe(403);
  }
});

test("fault 181: a page without TLS is not of the same host as a server with it, as a trusted proxy tells", async () => {
  await using running = await start(allowedOrigins(["same-host"])(echo), {
    ...server,
    transport: loopback,
    trustedProxies: ["127.0.0.1"],
  });
  const headers = { "x-forwarded-proto": "https", "x-forwarded-host": "good.com" };
  await using session = await running.connect("/", { headers, origin });
  await session.sendText("hi");
  expect(await session.receiveText()).toBe("hi");
  await expect(running.connect("/", { headers, origin: "http://good.com" })).rejects.toHaveProperty(
    "status",
    403,
  );
});
