import type { ReceiveEvent } from "@ws/events";
import { describe, expect, test } from "vitest";
import { answering, make, never, settle, started, stopped } from "./lifespan.fixture.js";

describe("shutdown", () => {
  test("is given to one that asks for it later", async () => {
    const events: ReceiveEvent[] = [];
    let proceed = (): void => {};
    const { lifespan } = make(async (_, receive, send) => {
      await receive();
      await send(started);
      await new Promise<void>((resolve) => {
        proceed = resolve;
      });
      events.push(await receive());
      await send(stopped);
    });
    await lifespan.startup(1_000);
    const shutdown = lifespan.shutdown(1_000);
    proceed();
    await shutdown;
    expect(events).toEqual([{ type: "lifespan.shutdown" }]);
  });

  test("that failed is logged with the application's message", async () => {
    const { lifespan, lines } = make(
      answering(started, { type: "lifespan.shutdown.failed", message: "busy" }),
    );
    await lifespan.startup(1_000);
    await lifespan.shutdown(1_000);
    expect(lines).toEqual([["error", "shutdown failed", { reason: "busy" }]]);
  });

  test("that failed without a message is logged too", async () => {
    const { lifespan, lines } = make(answering(started, { type: "lifespan.shutdown.failed" }));
    await lifespan.startup(1_000);
    await lifespan.shutdown(1_000);
    expect(lines).toEqual([["error", "shutdown failed", { reason: "no reason given" }]]);
  });

  test("that does not come to an end within its time is waited for no longer, and logged", async () => {
    const { lifespan, clock, lines } = make(async (_, receive, send) => {
      await receive();
      await send(started);
      await never;
    });
    await lifespan.startup(1_000);
    const shutdown = lifespan.shutdown(5_000);
    clock.advance(5_000);
    await shutdown;
    expect(lines).toEqual([["warn", "lifespan.shutdown was not completed in time", { timeout: 5_000 }]]);
    expect(clock.pending).toBe(0);
  });

  test("ends when the application returns or throws instead of an answer; the error is logged", async () => {
    const error = new Error("boom");
    const returning = make(async (_, receive, send) => {
      await receive();
      await send(started);
      await receive();
    });
    const throwing = make(async (_, receive, send) => {
      await receive();
      await send(started);
      await receive();
      throw error;
    });
    for (const { lifespan } of [returning, throwing]) {
      await lifespan.startup(1_000);
      await lifespan.shutdown(1_000);
    }
    expect(returning.lines).toEqual([]);
    expect(throwing.lines).toEqual([["error", "the application's lifespan failed", { error }]]);
  });

  test("is not asked of one that has ended; that it threw was logged once", async () => {
    const error = new Error("boom");
    const { lifespan, clock, lines } = make(async (_, receive, send) => {
      await receive();
      await send(started);
      throw error;
    });
    await lifespan.startup(1_000);
    await settle();
    await lifespan.shutdown(1_000);
    expect(lines).toEqual([["error", "the application's lifespan failed", { error }]]);
    expect(clock.pending).toBe(0);
  });

  test("is done once", async () => {
    const { lifespan, lines } = make(
      answering(started, { type: "lifespan.shutdown.failed", message: "busy" }),
    );
    await lifespan.startup(1_000);
    await lifespan.shutdown(1_000);
    await lifespan.shutdown(1_000);
    expect(lines).toHaveLength(1);
  });
});
