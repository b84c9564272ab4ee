import { Connection } from "@ws/connection";
import { type Application, ConnectionClosed, type Scope } from "@ws/events";
import { connect, loopback, start } from "@ws/testing";
import { Driver } from "@ws/testing/driver";
import { describe, expect, test } from "vitest";
import { catchErrors, type OnError } from "./catch-errors.js";
import { echo, httpRequest } from "./echo.fixture.js";
import {
  connect as connectEvent,
  disconnect,
  httpScope,
  lifespanScope,
  webSocketScope,
} from "./events.fixture.js";
import { refused } from "./refused.fixture.js";

const mine = new Error("mine");
const fail: Application = (scope, receive, send) =>
  scope.type === "lifespan" ? echo(scope, receive, send) : Promise.reject(mine);

/** What onError was told. */
function recorder(): { told: unknown[]; onError: OnError } {
  const told: unknown[] = [];
  return { told, onError: (error) => void told.push(error) };
}

/** Runs an application that fails after what it does. */
async function run(
  application: Application,
  scope: Scope = webSocketScope(),
): Promise<{ told: unknown[]; server: Driver }> {
  const { told, onError } = recorder();
  const server = new Driver(connectEvent, disconnect);
  await catchErrors(onError)(application)(scope, server.receive, server.send);
  return { told, server };
}

describe("a WebSocket", () => {
  test("that fails before accept is refused with 500, and the server has no error", async () => {
    const { told, onError } = recorder();
    const { status, cause } = await refused(catchErrors(onError)(fail));
    expect(status).toBe(500);
    expect(cause).toBeUndefined();
    expect(told).toEqual([mine]);
  });

  test("is answered after websocket.connect, which is read unless the application has read it", async () => {
    const denial = [
      { type: "websocket.http.response.start", status: 500 },
      { type: "websocket.http.response.body" },
    ];
    const unread = await run(fail);
    expect(unread.server.asked).toBe(1);
    expect(unread.server.sent).toMatchObject(denial);
    const read = await run(async (_scope, receive) => {
      await receive();
      throw mine;
    });
    expect(read.server.asked).toBe(1);
    expect(read.server.sent).toMatchObject(denial);
  });

  test("is closed where the server can't deny", async () => {
    const { server } = await run(fail, webSocketScope({ extensions: {} }));
    expect(server.sent).toEqual([{ type: "websocket.close" }]);
  });

  test("that fails after accept is closed with 1011 and no reason, and the server has no error", async () => {
    const { told, onError } = recorder();
    const application: Application = async (scope, receive, send) => {
      if (scope.type !== "websocket") return await echo(scope, receive, send);
      const socket = new Connection(scope, receive, send);
      await socket.accept();
      await socket.sendText("hi");
      throw mine;
    };
    await using session = await connect(catchErrors(onError)(application), "/ws/");
    expect(await session.receiveText()).toBe("hi");
    expect(await session.closed).toEqual({ code: 1011, reason: "", wasClean: true });
    expect(told).toEqual([mine]);
  });

  test("that fails after its own close is told of, and left closed", async () => {
    const { told, server } = await run(async (_scope, _receive, send) => {
      await send({ type: "websocket.accept" });
      await send({ type: "websocket.close", code: 3000 });
      throw mine;
    });
    expect(server.sent).toHaveLength(2);
    expect(told).toEqual([mine]);
  });

  test("that fails in the middle of a denial is told of, and the server cuts it off", async () => {
    const { told, onError } = recorder();
    const application: Application = async (_scope, _receive, send) => {
      await send({ type: "websocket.http.response.start", status: 401 });
      throw mine;
    };
    const server = new Driver(connectEvent);
    await expect(
      catchErrors(onError)(application)(webSocketScope(), server.receive, server.send),
    ).rejects.toBe(mine);
    expect(server.sent).toHaveLength(1);
    expect(told).toEqual([mine]);
  });

  test("whose event was rejected still stands where it stood", async () => {
    const { told, onError } = recorder();
    const application: Application = async (scope, receive, send) => {
      if (scope.type !== "websocket") return await echo(scope, receive, send);
      await send({ type: "websocket.accept", subprotocol: "never-offered" });
    };
    expect((await refused(catchErrors(onError)(application))).status).toBe(500);
    expect(told).toMatchObject([{ code: "ERR_WS_EVENT_INVALID" }]);
  });
});

describe("an HTTP request", () => {
  test("that fails before its response is answered with 500", async () => {
    const { told, onError } = recorder();
    await using server = await start(catchErrors(onError)(fail), { transport: loopback });
    expect(await server.request(httpRequest)).toMatch(/^HTTP\/1\.1 500 /);
    expect(told).toEqual([mine]);
  });

  test("that fails within its response is told of, and goes on to the server", async () => {
    const { told, onError } = recorder();
    const application: Application = async (_scope, _receive, send) => {
      await send({ type: "http.response.start", status: 200 });
      throw mine;
    };
    const server = new Driver();
    await expect(catchErrors(onError)(application)(httpScope(), server.receive, server.send)).rejects.toBe(
      mine,
    );
    expect(server.sent).toHaveLength(1);
    expect(told).toEqual([mine]);
  });
});

describe("onError", () => {
  test("is told the scope too, and waited for before the answer", async () => {
    const scope = webSocketScope();
    const server = new Driver(connectEvent);
    const told: unknown[] = [];
    const onError: OnError = async (_error, given) => {
      told.push(given);
      await new Promise((resolve) => setImmediate(resolve));
      told.push(server.sent.length);
    };
    await catchErrors(onError)(fail)(scope, server.receive, server.send);
    expect(told).toEqual([scope, 0]);
  });

  test.each<[string, OnError]>([
    [
      "throws",
      () => {
        throw new Error("the reporter is broken");
      },
    ],
    ["rejects", () => Promise.reject(new Error("the reporter is broken"))],
  ])("that %s does not hide the error: the server has it, and answers", async (_, onError) => {
    expect(await refused(catchErrors(onError)(fail))).toMatchObject({ status: 500, cause: mine });
  });

  test("is not told of ConnectionClosed, which goes on to the server", async () => {
    const { told, onError } = recorder();
    const closed = new ConnectionClosed({ code: 1006, reason: "", wasClean: false, initiator: "network" });
    const server = new Driver(connectEvent);
    const application = catchErrors(onError)(() => Promise.reject(closed));
    await expect(application(webSocketScope(), server.receive, server.send)).rejects.toBe(closed);
    expect(told).toEqual([]);
    expect(server.sent).toEqual([]);
  });

  test("is told nothing where nothing fails", async () => {
    const { told, onError } = recorder();
    await using session = await connect(catchErrors(onError)(echo), "/ws/");
    await session.sendText("hi");
    expect(await session.receiveText()).toBe("hi");
    await session.close();
    expect(told).toEqual([]);
  });

  test("is not told of the lifespan, whose error says that there is none", async () => {
    const { told, onError } = recorder();
    const { receive, send } = new Driver();
    await expect(catchErrors(onError)(echo)(lifespanScope, receive, send)).rejects.toThrow("no lifespan");
    expect(told).toEqual([]);
  });
});
