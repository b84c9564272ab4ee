import { type Application, ProtocolError, type ReceiveEvent, type Scope, type SendEvent } from "@ws/events";
import { checkApplication } from "@ws/events/checks";
import { describe, expect, test, vi } from "vitest";
import { answering, make, never, settle, started, stopped } from "./lifespan.fixture.js";
import { StartupError } from "./lifespan.js";

describe("the lifespan", () => {
  test("is start-up, then shutdown, in one call of the application", async () => {
    const events: (ReceiveEvent | string)[] = [];
    const { lifespan, clock, lines } = make(async (_, receive, send) => {
      events.push(await receive());
      await send(started);
      events.push(await receive());
      await send(stopped);
      events.push("returned");
    });
    await lifespan.startup(1_000);
    expect(events).toEqual([{ type: "lifespan.startup" }]);
    await lifespan.shutdown(1_000);
    await settle();
    expect(events).toEqual([{ type: "lifespan.startup" }, { type: "lifespan.shutdown" }, "returned"]);
    expect(lines).toEqual([]);
    expect(clock.pending).toBe(0);
  });

  test("has a scope with its version and a state that is kept for later scopes", async () => {
    const scopes: Scope[] = [];
    const { lifespan } = make(async (scope, _, send) => {
      scopes.push(scope);
      if (scope.type === "lifespan") scope.state["pool"] = 5;
      await send(started);
    });
    await lifespan.startup(1_000);
    expect(scopes).toEqual([
      { type: "lifespan", asgi: { version: "3.0", specVersion: "2.0" }, state: { pool: 5 } },
    ]);
    expect(lifespan.state).toEqual({ pool: 5 });
  });
});

describe("start-up", () => {
  test("is waited for", async () => {
    let complete = (): void => {};
    const { lifespan } = make(async (_, receive, send) => {
      await receive();
      await new Promise<void>((resolve) => {
        complete = resolve;
      });
      await send(started);
      await never;
    });
    const onStarted = vi.fn();
    const startup = lifespan.startup(1_000).then(onStarted);
    await settle();
    expect(onStarted).not.toHaveBeenCalled();
    complete();
    await startup;
    expect(onStarted).toHaveBeenCalledOnce();
  });

  test("that failed aborts the start with the application's message", async () => {
    const { lifespan, clock } = make(
      answering({ type: "lifespan.startup.failed", message: "no database" }, stopped),
    );
    await expect(lifespan.startup(1_000)).rejects.toEqual(new StartupError("start-up failed: no database"));
    expect(clock.pending).toBe(0);
  });

  test.each([{}, { message: "" }])("that failed without a message says so: %j", async (fields) => {
    const { lifespan } = make(answering({ type: "lifespan.startup.failed", ...fields }, stopped));
    await expect(lifespan.startup(1_000)).rejects.toEqual(
      new StartupError("start-up failed: no reason given"),
    );
  });

  test("throws at once what a middleware says of what it was given in the place of an application", () => {
    const { lifespan, clock } = make(() => {
      checkApplication(5, "compress");
      return Promise.resolve();
    });
    expect(() => lifespan.startup(1_000)).toThrow(/^compress: expected an application/);
    expect(clock.pending).toBe(0);
  });

  test("that does not come to an end within its time is a failed start", async () => {
    const { lifespan, clock } = make(async (_, receive) => {
      await receive();
      await never;
    });
    const startup = lifespan.startup(60_000);
    clock.advance(60_000);
    await expect(startup).rejects.toEqual(
      new StartupError("start-up failed: no lifespan.startup.complete within 60000 ms"),
    );
    expect(clock.pending).toBe(0);
  });

  test("that throws after it was received is a failed start, with the cause", async () => {
    const cause = new Error("no database");
    const { lifespan } = make(async (_, receive) => {
      await receive();
      throw cause;
    });
    const error = await lifespan.startup(1_000).catch((error: unknown) => error);
    expect(error).toEqual(
      new StartupError("start-up failed: the application ended before lifespan.startup.complete"),
    );
    expect(error).toMatchObject({ name: "StartupError", cause });
  });

  test("that returns after it was received is a failed start", async () => {
    const { lifespan } = make(async (_, receive) => {
      await receive();
    });
    await expect(lifespan.startup(1_000)).rejects.toThrow(
      "the application ended before lifespan.startup.complete",
    );
  });

  test("that was answered before it was received is complete", async () => {
    const { lifespan } = make(async (_, __, send) => {
      await send(started);
      await never;
    });
    await expect(lifespan.startup(1_000)).resolves.toBeUndefined();
  });
});

describe("an application that does not support the lifespan", () => {
  const told = ["debug", "the application does not support the lifespan protocol"];

  test.each<[string, Application]>([
    ["rejects", () => Promise.reject(new Error("unknown scope type lifespan"))],
    [
      "throws at once",
      () => {
        throw new Error("unknown scope type lifespan");
      },
    ],
    ["throws nothing at all", () => Promise.reject(undefined)],
    ["returns", () => Promise.resolve()],
  ])("%s; the server starts, and says so at debug level", async (_, application) => {
    const { lifespan, clock, lines } = make(application);
    await lifespan.startup(1_000);
    expect(lines).toEqual([told]);
    await lifespan.shutdown(1_000);
    expect(lines).toEqual([told]);
    expect(clock.pending).toBe(0);
  });
});

describe("an event out of order", () => {
  test.each<[string, SendEvent[], string]>([
    ["shutdown before start-up", [stopped], "While starting, expected lifespan.startup.complete or"],
    ["start-up twice", [started, started], "Likely mistake: start-up was completed twice."],
    ["a message", [{ type: "websocket.send", text: "" }], "got websocket.send."],
  ])("throws out of send: %s", async (_, events, message) => {
    let thrown: unknown;
    const { lifespan } = make(async (_scope, receive, send) => {
      await receive();
      try {
        for (const event of events) await send(event);
      } catch (error) {
        thrown = error;
      }
    });
    await lifespan.startup(1_000).catch(() => {});
    expect(thrown).toBeInstanceOf(ProtocolError);
    expect(String(thrown)).toContain(message);
  });

  test("throws where it is no event, and changes nothing", async () => {
    const codes: unknown[] = [];
    const { lifespan } = make(async (_, receive, send) => {
      await receive();
      for (const event of [{ type: "lifespan.startup.failed", message: 5 }, { type: "x" }, null]) {
        await send(event as unknown as SendEvent).catch((error: unknown) => {
          codes.push(error instanceof ProtocolError && error.code);
        });
      }
      await send(started);
    });
    await lifespan.startup(1_000);
    expect(codes).toEqual(["ERR_WS_EVENT_INVALID", "ERR_WS_EVENT_INVALID", "ERR_WS_EVENT_INVALID"]);
  });
});
