import { type Application, InvalidMessage, type Middleware } from "@ws/events";
import { createRouter, type View, websocket } from "@ws/router";
import { connect, loopback, start } from "@ws/testing";
import { describe, expect, test } from "vitest";
import { catchErrors } from "../catch-errors.js";
import { echo } from "../echo.fixture.js";
import { rateLimit } from "../rate-limit.js";
import { websockets } from "../websockets.js";

const server = { server: { transport: loopback } };

function serving(view: View): Application {
  return websockets(createRouter([websocket("/", view)]))(echo);
}

describe("floods", () => {
  test("fault 110: a client that sends more than its share is closed with 1008, and the application has its share alone", async () => {
    let received = 0;
    const application = rateLimit({ messages: 10, per: 60_000 })(
      serving(async (socket) => {
        await socket.accept();
        for await (const _ of socket) received += 1;
      }),
    );
    await using session = await connect(application, "/", server);
    for (let count = 0; count < 500; count += 1) void session.sendText("").catch(() => {});
    expect(await session.closed).toMatchObject({ code: 1008, reason: "rate limit" });
    expect(received).toBe(10);
  });

  test("fault 111: the first message against the schema that escapes a view closes with 1008, and is no line in the log", async () => {
    const lines: string[] = [];
    const write = (message: string): void => void lines.push(message);
    const logger = { debug: () => {}, info: write, warn: write, error: write };
    const against = {
      "~standard": { version: 1, vendor: "own", validate: () => ({ issues: [{ message: "never" }] }) },
    } as const;
    let calls = 0;
    const application = serving(async (socket) => {
      await socket.accept();
      calls += 1;
      for await (const _ of socket.json(against)) calls += 1;
    });
    await using session = await connect(application, "/", { server: { transport: loopback, logger } });
    for (let count = 0; count < 50; count += 1) void session.sendText("{}").catch(() => {});
    expect(await session.closed).toMatchObject({ code: 1008 });
    expect([calls, lines]).toEqual([1, []]);
  });

  test("fault 111: messages that a view forgives still count for the rate limit", async () => {
    let forgiven = 0;
    const application = rateLimit({ messages: 10, per: 60_000 })(
      serving(async (socket) => {
        await socket.accept();
        for (;;) {
          try {
            await socket.receiveJson();
          } catch (error) {
            if (!(error instanceof InvalidMessage)) throw error;
            forgiven += 1;
          }
        }
      }),
    );
    await using session = await connect(application, "/", server);
    for (let count = 0; count < 50; count += 1) void session.sendText("{").catch(() => {});
    expect(await session.closed).toMatchObject({ code: 1008, reason: "rate limit" });
    expect(forgiven).toBe(10);
  });

  test("fault 118: bytes where a view expects a text close with 1003", async () => {
    const application = serving(async (socket) => {
      await socket.accept();
      await socket.receiveText();
    });
    await using session = await connect(application, "/", server);
    await session.sendBytes(new Uint8Array(3));
    expect(await session.closed).toMatchObject({ code: 1003 });
  });
});

describe("a middleware of somebody else's", () => {
  test("fault 127: that throws before accept is a 500, after it a 1011, with catchErrors as without", async () => {
    const before: Middleware = () => () => Promise.reject(new Error("mine"));
    const after: Middleware = (application) => async (scope, receive, send) => {
      await application(scope, receive, async (event) => {
        await send(event);
        if (event.type === "websocket.accept") throw new Error("mine");
      });
    };
    for (const around of [(application: Application) => application, catchErrors(() => {})]) {
      await expect(connect(around(before(echo)), "/", server)).rejects.toMatchObject({ status: 500 });
      const session = await connect(around(after(echo)), "/", server);
      expect(await session.closed).toMatchObject({ code: 1011, reason: "" });
      await session[Symbol.asyncDispose]().catch(() => {});
    }
  });

  /** Accepts at once, receives until the end, and keeps what went wrong. */
  const accepting =
    (errors: unknown[]): Application =>
    async (_scope, receive, send) => {
      await send({ type: "websocket.accept" }).catch((error: unknown) => {
        errors.push(error);
        throw error;
      });
      while ((await receive()).type !== "websocket.disconnect");
    };

  test("fault 127: that calls the next application twice at once has the second accept rejected, and ends with 1011", async () => {
    const errors: unknown[] = [];
    const twice: Middleware = (application) => async (scope, receive, send) => {
      if (scope.type !== "websocket") return await echo(scope, receive, send);
      await Promise.all([application(scope, receive, send), application(scope, receive, send)]);
    };
    const session = await connect(twice(accepting(errors)), "/", server);
    expect(await session.closed).toMatchObject({ code: 1011 });
    expect(errors).toMatchObject([{ code: "ERR_WS_EVENT_ORDER" }]);
    await session[Symbol.asyncDispose]().catch(() => {});
  });

  test("fault 127: that calls it again when the first has ended has the second accept rejected with ConnectionClosed", async () => {
    const errors: unknown[] = [];
    const again: Middleware = (application) => async (scope, receive, send) => {
      if (scope.type !== "websocket") return await echo(scope, receive, send);
      await application(scope, receive, send);
      await application(scope, receive, send);
    };
    await using session = await connect(again(accepting(errors)), "/", server);
    expect(await session.close(4_000)).toMatchObject({ code: 4_000 });
    await expect.poll(() => errors).toMatchObject([{ name: "ConnectionClosed", code: 4_000 }]);
  });

  test("fault 127: that swallows the disconnect leaves its application waiting, but not the server, which says so", async () => {
    const warnings: string[] = [];
    const none = (): void => {};
    const logger = { debug: none, info: none, warn: (text: string) => void warnings.push(text), error: none };
    const swallows: Middleware = (application) => (scope, receive, send) =>
      application(
        scope,
        async () => {
          const event = await receive();
          return event.type === "websocket.disconnect" ? await new Promise<never>(() => {}) : event;
        },
        send,
      );
    const running = await start(swallows(echo), { transport: loopback, closeTimeout: 10, logger });
    const session = await running.connect("/");
    expect(await session.close(4_000)).toMatchObject({ code: 4_000 });
    await expect.poll(() => warnings).toContain("the application still runs though its connection is over");
    await running.close({ grace: 0 });
  });
});
