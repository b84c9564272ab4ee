import { Connection } from "@ws/connection";
import {
  type Application,
  InvalidMessage,
  type Middleware,
  type Scope,
  type WebSocketScope,
} from "@ws/events";
import { createRouter, include, mount, type View, websocket } from "@ws/router";
import { connect, HandshakeRejected, loopback, start } from "@ws/testing";
import { Driver } from "@ws/testing/driver";
import { describe, expect, expectTypeOf, test } from "vitest";
import { echo, httpRequest } from "./echo.fixture.js";
import { connect as connectEvent, disconnect, lifespanScope, webSocketScope } from "./events.fixture.js";
import { websockets } from "./websockets.js";

/** An application of one view at `/ws/`. */
function serving(view: View): Application {
  return websockets(createRouter([websocket("/ws/", view)]))(echo);
}

async function refusal(application: Application, path: string): Promise<number> {
  const error: unknown = await connect(application, path).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(HandshakeRejected);
  return (error as HandshakeRejected).status;
}

describe("routes", () => {
  const answer: View = async (socket, params) => {
    await socket.accept();
    await socket.sendJson({ given: params, params: socket.params });
    await socket.receive();
  };
  const application = websockets(
    createRouter([
      websocket("/room/<int:room>/", answer),
      include("/team/<slug:team>", [websocket("/chat/", answer)]),
      mount("/under/<int:level>", websockets(createRouter([websocket("/<str:leaf>/", answer)]))(echo)),
    ]),
  )(echo);

  test("a WebSocket goes to the view of its path, with the path's parameters", async () => {
    await using session = await connect(application, "/room/5/?x=1");
    expect(await session.receiveJson()).toEqual({ given: { room: 5 }, params: { room: 5 } });
  });

  test("an included route has the prefix's parameters too", async () => {
    await using session = await connect(application, "/team/red/chat/");
    expect(await session.receiveJson()).toMatchObject({ given: { team: "red" } });
  });

  test("a path without a route is refused with 404", async () => {
    expect(await refusal(application, "/nowhere/")).toBe(404);
    expect(await refusal(application, "/room/five/")).toBe(404);
  });

  test("with 403 where the server can't deny", async () => {
    const server = new Driver(connectEvent, disconnect);
    await application(webSocketScope({ path: "/nowhere/", extensions: {} }), server.receive, server.send);
    expect(server.asked).toBe(1);
    expect(server.sent).toEqual([{ type: "websocket.close" }]);
  });

  test("every other scope goes to the application that is wrapped", async () => {
    await using server = await start(application, { transport: loopback });
    expect(await server.request(httpRequest)).toMatch(/^HTTP\/1\.1 200 .*hello$/s);
    const scopes: Scope[] = [];
    const wrapped = websockets(createRouter([]))(async (scope) => void scopes.push(scope));
    const { receive, send } = new Driver(connectEvent);
    await wrapped(lifespanScope, receive, send);
    expect(scopes).toEqual([lifespanScope]);
  });

  test("the path is resolved below the root path of the server", async () => {
    await using session = await connect(application, "/api/room/5/", { server: { rootPath: "/api" } });
    expect(await session.receiveJson()).toMatchObject({ given: { room: 5 } });
  });

  test("a view below a mount has the mount's parameters on its connection, beside its own", async () => {
    await using session = await connect(application, "/under/3/x/");
    expect(await session.receiveJson()).toEqual({ given: { leaf: "x" }, params: { level: 3, leaf: "x" } });
  });
});

describe("a mount", () => {
  async function mountedScope(given: Partial<WebSocketScope>): Promise<[Scope, WebSocketScope]> {
    const seen: Scope[] = [];
    const application = websockets(
      createRouter([mount("/raw/<int:id>", async (scope) => void seen.push(scope))]),
    )(echo);
    const { receive, send } = new Driver(connectEvent);
    const scope = webSocketScope(given);
    await application(scope, receive, send);
    const [first = scope] = seen;
    return [first, scope];
  }

  test("has a copied scope whose root path is extended and whose path is left whole", async () => {
    const [seen, given] = await mountedScope({ path: "/api/raw/7/x", rootPath: "/api" });
    expect(seen).toEqual({ ...given, rootPath: "/api/raw/7", pathParams: { id: 7 } });
    expect(given).toEqual(webSocketScope({ path: "/api/raw/7/x", rootPath: "/api" }));
  });

  test("of a path outside the root path has the prefix alone as its root path, so that path still begins with it", async () => {
    const [seen] = await mountedScope({ path: "/raw/7/x", rootPath: "/api" });
    expect(seen).toMatchObject({ path: "/raw/7/x", rootPath: "/raw/7" });
  });

  test("has its own parameters over those around it, without a prototype", async () => {
    const [seen] = await mountedScope({ path: "/raw/7", pathParams: { team: "red", id: 1 } });
    const { pathParams } = seen as WebSocketScope;
    expect({ ...pathParams }).toEqual({ team: "red", id: 7 });
    expect(Object.getPrototypeOf(pathParams)).toBeNull();
  });

  test("throws to the server what its application throws", async () => {
    const application = websockets(createRouter([mount("/", () => Promise.reject(new Error("mine")))]))(echo);
    await expect(connect(application, "/x")).rejects.toMatchObject({ status: 500, cause: new Error("mine") });
  });
});

describe("a view", () => {
  test("is given a Connection over the server's own receive and send", async () => {
    const server = new Driver(connectEvent, { type: "websocket.receive", text: "hi" });
    const view: View = async (socket) => {
      expect(socket).toBeInstanceOf(Connection);
      await socket.accept();
      await socket.sendText(await socket.receiveText());
    };
    await serving(view)(webSocketScope(), server.receive, server.send);
    expect(server.sent).toEqual([{ type: "websocket.accept" }, { type: "websocket.send", text: "hi" }]);
  });

  test("that returns ends its connection with 1000", async () => {
    await using session = await connect(
      serving((socket) => socket.accept()),
      "/ws/",
    );
    expect(await session.closed).toMatchObject({ code: 1000 });
  });

  test("that returns before accept is a refusal with 403", async () => {
    expect(
      await refusal(
        serving(async () => {}),
        "/ws/",
      ),
    ).toBe(403);
  });

  test("that throws before accept is a refusal with 500", async () => {
    expect(
      await refusal(
        serving(() => Promise.reject(new Error("mine"))),
        "/ws/",
      ),
    ).toBe(500);
  });

  test("that throws before it gives a promise is no other than one that rejects", async () => {
    const view = (): never => {
      throw new Error("mine");
    };
    expect(await refusal(serving(view), "/ws/")).toBe(500);
  });

  test("that throws after accept closes with 1011, and the server has the error", async () => {
    const error = new Error("mine");
    await using session = await connect(
      serving(async (socket) => {
        await socket.accept();
        throw error;
      }),
      "/ws/",
    );
    expect(await session.closed).toEqual({ code: 1011, reason: "", wasClean: true });
    expect(await session.thrown).toBe(error);
  });

  test.each<[string, number, string | Uint8Array, (socket: Connection) => Promise<unknown>]>([
    ["the wrong frame type", 1003, new Uint8Array(3), (socket) => socket.receiveText()],
    ["bad JSON", 1007, "{", (socket) => socket.receiveJson()],
  ])("from which InvalidMessage escapes closes: %s with %i", async (_, code, message, receive) => {
    await using session = await connect(
      serving(async (socket) => {
        await socket.accept();
        await receive(socket);
      }),
      "/ws/",
    );
    await (typeof message === "string" ? session.sendText(message) : session.sendBytes(message));
    const { code: got, reason } = await session.closed;
    expect(got).toBe(code);
    expect(reason).toMatch(/^expected/);
  });

  test("whose InvalidMessage is long closes 1008 with what fits of it, between two code points", async () => {
    await using session = await connect(
      serving(async (socket) => {
        await socket.accept();
        throw new InvalidMessage("ERR_WS_MESSAGE_SCHEMA", "é".repeat(200));
      }),
      "/ws/",
    );
    expect(await session.closed).toEqual({ code: 1008, reason: "é".repeat(61), wasClean: true });
  });

  test("whose InvalidMessage escapes before accept is a refusal with 403", async () => {
    const view: View = () => Promise.reject(new InvalidMessage("ERR_WS_MESSAGE_JSON", "no"));
    expect(await refusal(serving(view), "/ws/")).toBe(403);
  });

  test("whose InvalidMessage escapes in the middle of a denial leaves it to the server to cut it off", async () => {
    const error = new InvalidMessage("ERR_WS_MESSAGE_JSON", "no");
    const server = new Driver(connectEvent);
    const view: View = async (socket) => {
      await socket.receive();
      await socket.send({ type: "websocket.http.response.start", status: 401 });
      throw error;
    };
    await expect(serving(view)(webSocketScope(), server.receive, server.send)).rejects.toBe(error);
  });

  test("does not change the scope of the server", async () => {
    const scope = webSocketScope();
    const { receive, send } = new Driver(connectEvent);
    await serving(async () => {})(scope, receive, send);
    expect(scope).toEqual(webSocketScope());
  });
});

test("websockets takes a router and gives a middleware", () => {
  expectTypeOf(websockets).returns.toExtend<Middleware>();
  expectTypeOf(createRouter([])).toExtend<Parameters<typeof websockets>[0]>();
  // @ts-expect-error: routes are made into a router first
  expect(() => websockets([])(echo)).toThrow("expected a router");
});

describe("without an HTTP application", () => {
  const application = websockets(createRouter([]))();

  test("a plain request gets 426, which names what is spoken here, also in words", async () => {
    await using server = await start(application, { transport: loopback });
    const answer = await server.request(httpRequest);
    expect(answer).toMatch(/^HTTP\/1\.1 426 /);
    expect(answer).toMatch(/\r\nupgrade: websocket\r\n/i);
    expect(answer).toMatch(/\r\n\r\nOnly WebSocket connections are served here\.\n$/);
  });

  test("a lifespan is not supported", async () => {
    const { receive, send } = new Driver();
    await expect(application(lifespanScope, receive, send)).rejects.toThrow(
      new TypeError("websockets: expected a websocket scope, got lifespan"),
    );
  });
});
