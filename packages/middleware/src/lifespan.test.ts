import type { Connection } from "@ws/connection";
import type { Application, Middleware, ReceiveEvent, SendEvent } from "@ws/events";
import { createRouter, websocket } from "@ws/router";
import { loopback, start } from "@ws/testing";
import { Driver } from "@ws/testing/driver";
import { describe, expect, test } from "vitest";
import { httpScope, lifespanScope, webSocketScope } from "./events.fixture.js";
import { compose, lifespan, websockets } from "./index.js";

const startup: ReceiveEvent = { type: "lifespan.startup" };
const shutdown: ReceiveEvent = { type: "lifespan.shutdown" };
const noLifespan: Application = async (scope) => {
  throw new TypeError(`no ${scope.type} here`);
};

/** A lifespan that notes what it does. */
function traced(trace: string[], name: string, failing: "startup" | "shutdown" | "none" = "none") {
  const step = (which: "startup" | "shutdown"): void => {
    trace.push(`${name} ${which}`);
    if (failing === which) throw new Error(`${name} can't ${which}`);
  };
  return lifespan({
    startup: () => {
      step("startup");
      return { [name]: 1 };
    },
    shutdown: () => step("shutdown"),
  });
}

/** Runs one through start and end; gives what it sent, and what its state holds. */
async function run(application: Application): Promise<{ sent: SendEvent[]; state: Record<string, unknown> }> {
  const server = new Driver(startup, shutdown, shutdown);
  const scope = { ...lifespanScope, state: {} };
  await application(scope, server.receive, server.send);
  return { sent: server.sent, state: scope.state };
}

/** An application with a lifespan that sends these events, each after one was received. */
function answering(...events: SendEvent[]): Application {
  return async (_scope, receive, send) => {
    for (const event of events) {
      await receive();
      await send(event);
    }
  };
}
const complete: SendEvent = { type: "lifespan.startup.complete" };
const completed: SendEvent = { type: "lifespan.shutdown.complete" };

describe("a pool that is opened at the start", () => {
  test("fault 207: is in the state of every view, and closed when the last connection has ended", async () => {
    const trace: string[] = [];
    class Pool {
      readonly query = (): string => "one row";
      readonly end = async (): Promise<void> => void trace.push("closed");
    }
    const routes = createRouter([
      websocket("/ws/", async (socket: Connection<{ readonly pool: Pool }>) => {
        await socket.accept();
        await socket.sendText(socket.state.pool.query());
        await socket.closed;
        trace.push("left");
      }),
    ]);
    const pooled = lifespan({
      startup: async () => ({ pool: new Pool() }),
      shutdown: ({ pool }) => pool.end(),
    });
    for (const transport of [undefined, loopback]) {
      trace.length = 0;
      const server = await start(compose(pooled, websockets(routes))(noLifespan), {
        ...(transport && { transport }),
      });
      const session = await server.connect("/ws/");
      expect(await session.receiveText()).toBe("one row");
      expect(trace).toEqual([]);
      await server.close();
      expect(trace).toEqual(["left", "closed"]);
    }
  });

  test("fault 207: that can't be opened is a failed start, which says why", async () => {
    const refused = (error: unknown): Application =>
      lifespan({
        startup: async () => {
          throw error;
        },
      })(noLifespan);
    await expect(start(refused(new Error("no database")))).rejects.toThrow("start-up failed: no database");
    const aggregate = Object.assign(new AggregateError([]), { code: "ECONNREFUSED" });
    await expect(start(refused(aggregate))).rejects.toThrow("start-up failed: ECONNREFUSED");
    await expect(start(refused(new RangeError()))).rejects.toThrow("start-up failed: RangeError");
    await expect(start(refused("no"))).rejects.toThrow('start-up failed: "no"');
  });

  test.each([5, "pool", null, true])(
    "fault 207: what start-up gives goes into the state, and %j can't",
    async (given) => {
      const application = lifespan({ startup: () => given as unknown as object })(noLifespan);
      const { sent } = await run(application);
      expect(sent).toEqual([
        {
          type: "lifespan.startup.failed",
          message: `lifespan: startup: expected an object of what goes into the state, got ${JSON.stringify(given)}`,
        },
      ]);
    },
  );

  test("fault 207: may be there for one of the two alone", async () => {
    const trace: string[] = [];
    const opened = await run(lifespan({ startup: () => ({ a: 1 }) })(noLifespan));
    expect(opened).toEqual({ sent: [complete, completed], state: { a: 1 } });
    const closed = await run(
      lifespan({ shutdown: (state) => void trace.push(JSON.stringify(state)) })(noLifespan),
    );
    expect(closed).toEqual({ sent: [complete, completed], state: {} });
    expect(trace).toEqual(["{}"]);
  });
});

describe("several lifespans", () => {
  test("fault 207: start in their order and shut down in the reverse one, around that of the application", async () => {
    const trace: string[] = [];
    const inner: Application = async (scope, receive, send) => {
      if (scope.type !== "lifespan") return;
      await receive();
      trace.push(`app sees ${Object.keys(scope.state)}`);
      scope.state["app"] = 1;
      await send(complete);
      await receive();
      trace.push("app shutdown");
      await send(completed);
    };
    const { sent, state } = await run(compose(traced(trace, "a"), traced(trace, "b"))(inner));
    expect(trace).toEqual([
      "a startup",
      "b startup",
      "app sees a,b",
      "app shutdown",
      "b shutdown",
      "a shutdown",
    ]);
    expect(sent).toEqual([complete, completed]);
    expect(state).toEqual({ a: 1, b: 1, app: 1 });
  });

  test("fault 207: where an inner one can't start, those outside are shut down, and nothing else was started", async () => {
    const trace: string[] = [];
    const all = [traced(trace, "a"), traced(trace, "b", "startup"), traced(trace, "c")] as const;
    const { sent } = await run(compose(...all)(noLifespan));
    expect(trace).toEqual(["a startup", "b startup", "a shutdown"]);
    expect(sent).toEqual([{ type: "lifespan.startup.failed", message: "b can't startup" }]);
  });

  test("fault 207: one that can't shut down keeps no other from it, and what failed is told", async () => {
    const trace: string[] = [];
    const all = [traced(trace, "a", "shutdown"), traced(trace, "b", "shutdown")] as const;
    const { sent } = await run(compose(...all)(noLifespan));
    expect(trace).toEqual(["a startup", "b startup", "b shutdown", "a shutdown"]);
    expect(sent[1]).toEqual({
      type: "lifespan.shutdown.failed",
      message: "b can't shutdown; a can't shutdown",
    });
  });
});

describe("the application inside", () => {
  const around = (inner: Application): { trace: string[]; running: ReturnType<typeof run> } => {
    const trace: string[] = [];
    return { trace, running: run(traced(trace, "a")(inner)) };
  };

  test("fault 207: that says it can't start, or throws or ends in its start-up, is a failed start; what was opened is closed", async () => {
    const failing = around(answering({ type: "lifespan.startup.failed", message: "no" }));
    expect((await failing.running).sent).toEqual([{ type: "lifespan.startup.failed", message: "no" }]);
    expect(failing.trace).toEqual(["a startup", "a shutdown"]);
    const throwing = around(async (_scope, receive) => {
      await receive();
      throw new Error("oh no");
    });
    await expect(throwing.running).rejects.toThrow("oh no");
    expect(throwing.trace).toEqual(["a startup", "a shutdown"]);
    const ending = around(async (_scope, receive) => void (await receive()));
    await expect(ending.running).rejects.toThrow("the application ended before lifespan.startup.complete");
    expect(ending.trace).toEqual(["a startup", "a shutdown"]);
  });

  test("fault 207: that fails later, or says that its shutdown failed, is told of at the shutdown", async () => {
    const throwing = around(async (_scope, receive, send) => {
      await receive();
      await send(complete);
      throw new Error("oh no");
    });
    expect((await throwing.running).sent[1]).toEqual({ type: "lifespan.shutdown.failed", message: "oh no" });
    expect(throwing.trace).toEqual(["a startup", "a shutdown"]);
    const failing = around(answering(complete, { type: "lifespan.shutdown.failed", message: "no" }));
    expect((await failing.running).sent[1]).toEqual({ type: "lifespan.shutdown.failed", message: "no" });
    const silent = around(answering(complete, { type: "lifespan.shutdown.failed" }));
    expect((await silent.running).sent[1]).toMatchObject({ message: "no reason given" });
    expect(failing.trace).toEqual(["a startup", "a shutdown"]);
  });

  test("fault 207: that returns after its start-up is shut down all the same", async () => {
    const returning = around(answering(complete));
    expect((await returning.running).sent).toEqual([complete, completed]);
    expect(returning.trace).toEqual(["a startup", "a shutdown"]);
  });

  test("fault 207: whatever else it sends is the server's to judge", async () => {
    const odd: SendEvent = { type: "websocket.close" };
    const { running } = around(answering(odd, complete));
    expect((await running).sent).toEqual([odd, complete, completed]);
  });

  test("fault 207: is given all other scopes as they are", async () => {
    const seen: unknown[] = [];
    const seeing: Application = async (scope) => void seen.push(scope);
    const middleware: Middleware = lifespan({ shutdown: () => {} });
    const { receive, send } = new Driver(startup);
    for (const scope of [webSocketScope(), httpScope()]) {
      await middleware(seeing)(scope, receive, send);
      expect(seen.pop()).toBe(scope);
    }
  });
});
