import { AsyncLocalStorage } from "node:async_hooks";
import type { Application, ReceiveEvent } from "@ws/events";
import { describe, expect, test } from "vitest";
import { KeptLog } from "../../raw.fixture.js";
import { serve } from "../../serve.js";
import { accepting, masked, Peer } from "../peer.fixture.js";

const failed = "the application failed";

describe("an application that fails", () => {
  test("fault 93: one that throws before its first await gets its client 500, and one line in the log with an id", async () => {
    const logger = new KeptLog();
    const application = ((): Promise<void> => {
      throw new Error("early");
    }) as Application;
    await using server = await serve(
      async (scope, receive, send) => {
        if (scope.type === "websocket") await application(scope, receive, send);
      },
      { port: 0, logger },
    );
    const peer = await Peer.connect(server);
    await peer.ended();
    expect(peer.status).toBe(500);
    const lines = logger.lines.filter(({ level }) => level === "error");
    expect(lines).toEqual([
      {
        level: "error",
        message: failed,
        fields: { id: expect.any(String), path: "/", error: new Error("early") },
      },
    ]);
  });

  test("fault 94: one that rejects after accept gets its client 1011 without a reason", async () => {
    const logger = new KeptLog();
    const application = accepting(() => Promise.reject(new Error("secret")));
    await using server = await serve(application, { port: 0, logger });
    const peer = await Peer.open(server);
    await peer.ended();
    expect(peer.close).toEqual({ code: 1011, reason: "" });
    expect(logger.of("error")).toEqual([failed]);
  });

  test("fault 95: what is thrown need not be an Error: undefined, a string, a promise that itself rejects", async () => {
    const logger = new KeptLog();
    const thrown = [undefined, "text", null, () => Promise.reject(new Error("a forgotten await"))];
    const application = accepting((_receive, _send, { path }) => {
      const value = thrown[Number(path.slice(1))];
      return Promise.reject(typeof value === "function" ? value() : value);
    });
    await using server = await serve(application, { port: 0, logger });
    for (const index of thrown.keys()) {
      const peer = await Peer.open(server, `/${index}`);
      await peer.ended();
      expect(peer.close).toEqual({ code: 1011, reason: "" });
    }
    expect(logger.of("error")).toEqual([failed, failed, failed, failed]);
  });

  test("fault 126: one that recurses without end, in an AsyncLocalStorage, is closed with 1011, and the process lives", async () => {
    const storage = new AsyncLocalStorage<number>();
    const deep = (): number => storage.run(1, () => deep() + 1);
    const application = accepting(async (_receive, _send, { path }) => void (path === "/deep" && deep()));
    const logger = new KeptLog();
    await using server = await serve(application, { port: 0, logger });
    const peer = await Peer.open(server, "/deep");
    await peer.ended();
    expect(peer.close?.code).toBe(1011);
    const line = logger.lines.find(({ level }) => level === "error");
    expect(line?.fields).toMatchObject({ error: expect.any(RangeError) });
    const next = await Peer.open(server);
    await next.ended();
    expect(next.close?.code).toBe(1000);
  });
});

describe("an application that outlives its connection", () => {
  const overdue = "the application still runs though its connection is over";

  test("fault 98: receive goes on to give the disconnect, and one that never returns is told of in the log, once", async () => {
    const events: ReceiveEvent[] = [];
    let end = (): void => {};
    const application = accepting(async (receive) => {
      for (let count = 0; count < 3; count += 1) events.push(await receive());
      await new Promise<void>((resolve) => {
        end = resolve;
      });
    });
    const logger = new KeptLog();
    await using server = await serve(application, { port: 0, closeTimeout: 10, logger });
    const peer = await Peer.open(server);
    peer.socket.write(masked(0x88));
    await peer.ended();
    await expect.poll(() => logger.of("warn"), { interval: 2 }).toEqual([overdue]);
    const gone: ReceiveEvent = { type: "websocket.disconnect", code: 1005, reason: "" };
    expect(events).toEqual([gone, gone, gone]);
    const line = logger.lines.find(({ level }) => level === "warn");
    end();
    expect(line?.fields).toEqual({ id: expect.any(String) });
  });
});
