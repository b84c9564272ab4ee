import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { once } from "node:events";
import { type Application, ConnectionClosed } from "@ws/events";
import { afterEach, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { fromFetch } from "../http/adapters/from-fetch.js";
import { dial, echo, exchange, handshake, KeptLog, portOf, readUntil, webSocket } from "../raw.fixture.js";
import { type Server, serve } from "../serve.js";

const leave: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of leave.splice(0)) await step();
});

/** Listens to a channel for the length of a test. */
function listen(name: string): unknown[] {
  const messages: unknown[] = [];
  const onMessage = (message: unknown): void => void messages.push(message);
  subscribe(name, onMessage);
  leave.push(() => unsubscribe(name, onMessage));
  return messages;
}

async function running(application: Application, options = {}): Promise<{ server: Server; logger: KeptLog }> {
  const logger = new KeptLog();
  const server = await serve(application, { port: 0, logger, ...options });
  leave.push(() => server.close({ grace: 200 }));
  return { server, logger };
}

async function open(server: Server): Promise<WebSocket> {
  const client = new WebSocket(server.url.replace("http", "ws"));
  await once(client, "open");
  return client;
}

describe("what is logged", () => {
  test("an application that throws is logged once, with the connection's id", async () => {
    let id: unknown;
    const application = webSocket(async (scope, receive, send) => {
      id = scope.extensions["websocket.connection"]?.id;
      await receive();
      await send({ type: "websocket.accept" });
      throw new Error("secret");
    });
    const { server, logger } = await running(application);
    const [code, reason] = await once(await open(server), "close");
    expect([code, String(reason)]).toEqual([1011, ""]);
    const errors = logger.lines.filter(({ level }) => level === "error");
    expect(errors).toEqual([
      {
        level: "error",
        message: "the application failed",
        fields: { id, path: "/", error: new Error("secret") },
      },
    ]);
  });

  test("one that throws before it gives a promise is no other", async () => {
    const application: Application = (scope) => {
      if (scope.type === "websocket") throw new Error("at once");
      return Promise.reject(new Error("no lifespan"));
    };
    const { server, logger } = await running(application);
    const answer = await exchange(portOf(server), handshake());
    expect(answer).toMatch(/^HTTP\/1\.1 500 /);
    expect(logger.of("error")).toEqual(["the application failed"]);
  });

  test("a ConnectionClosed of its own that escapes is no error; one of another connection is", async () => {
    const other = new ConnectionClosed({ code: 1006, reason: "", wasClean: false, initiator: "network" });
    const own = webSocket(async (_scope, receive, send) => {
      await receive();
      await send({ type: "websocket.accept" });
      await send({ type: "websocket.close" });
      await send({ type: "websocket.send", text: "too late" });
    });
    const { server, logger } = await running(own);
    expect((await once(await open(server), "close"))[0]).toBe(1000);
    expect(logger.of("error")).toEqual([]);

    const foreign = webSocket(async (_scope, receive, send) => {
      await receive();
      await send({ type: "websocket.accept" });
      throw other;
    });
    const second = await running(foreign);
    expect((await once(await open(second.server), "close"))[0]).toBe(1011);
    expect(second.logger.of("error")).toEqual(["the application failed"]);
  });

  test("an application that returns before accept is warned of once; one that closed or denied is not", async () => {
    const { server, logger } = await running(webSocket(async () => {}));
    expect(await exchange(portOf(server), handshake())).toMatch(/^HTTP\/1\.1 403 /);
    expect(logger.of("warn")).toEqual(["the application returned before it answered the handshake"]);

    const denying = webSocket(async (_scope, _receive, send) => {
      await send({ type: "websocket.http.response.start", status: 404 });
      await send({ type: "websocket.http.response.body" });
    });
    const second = await running(denying);
    expect(await exchange(portOf(second.server), handshake())).toMatch(/^HTTP\/1\.1 404 /);
    expect(second.logger.of("warn")).toEqual([]);
  });

  test("one that returns in the middle of its response is warned of, and the response is cut off", async () => {
    const application = webSocket(async (_scope, _receive, send) => {
      await send({ type: "websocket.http.response.start", status: 404 });
    });
    const { server, logger } = await running(application);
    await exchange(portOf(server), handshake());
    expect(logger.of("warn")).toHaveLength(1);
  });

  test("a handshake that is refused is a debug line", async () => {
    const { server, logger } = await running(echo);
    await exchange(portOf(server), handshake("//"));
    expect(logger.of("debug")).toContain("handshake refused");
  });
});

describe("what is published", () => {
  test("open and close of a connection, with how it ended", async () => {
    const opened = listen("ws.server.connection.open");
    const closed = listen("ws.server.connection.close");
    const { server } = await running(echo);
    const client = await open(server);
    client.close(4_000, "bye");
    await once(client, "close");
    expect(opened).toEqual([{ id: expect.any(String), scope: expect.objectContaining({ path: "/" }) }]);
    const end = { code: 4_000, reason: "bye", wasClean: true, initiator: "client" };
    expect(closed).toEqual([{ ...(opened[0] as object), ...end, duration: expect.any(Number) }]);
  });

  test("neither, for a handshake that the application refused", async () => {
    const messages = [listen("ws.server.connection.open"), listen("ws.server.connection.close")];
    const { server } = await running(webSocket(async () => {}));
    await exchange(portOf(server), handshake());
    expect(messages).toEqual([[], []]);
  });

  test("an application's error, a rejected handshake, the beginning of a shutdown", async () => {
    const errors = listen("ws.server.connection.error");
    const rejected = listen("ws.server.handshake.rejected");
    const draining = listen("ws.server.draining");
    const error = new Error("as planned");
    const { server } = await running(
      webSocket(async () => {
        throw error;
      }),
    );
    await exchange(portOf(server), handshake());
    await exchange(portOf(server), handshake("*"));
    await server.close();
    expect(errors).toEqual([
      { id: expect.any(String), scope: expect.objectContaining({ type: "websocket" }), error },
    ]);
    expect(rejected).toEqual([{ status: 400, reason: "request target that cannot be decoded" }]);
    expect(draining).toEqual([{ connections: 0 }]);
  });
});

describe("HTTP requests", () => {
  const page = fromFetch(() => new Response("page"));
  const request = (target: string): string =>
    `GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`;

  test("go to the application with an http scope", async () => {
    const { server } = await running(page);
    expect(await exchange(portOf(server), request("/"))).toMatch(/^HTTP\/1\.1 200 [\s\S]*page/);
  });

  test("with a target that cannot be decoded get 400, and no application is called", async () => {
    const { server } = await running(page);
    expect(await exchange(portOf(server), request("/%ff"))).toMatch(/^HTTP\/1\.1 400 /);
  });

  test("an application that throws or does not complete its response gets 500, and is logged", async () => {
    const throwing: Application = async () => {
      throw new Error("secret");
    };
    const first = await running(throwing);
    const answer = await exchange(portOf(first.server), request("/"));
    expect(answer).toMatch(/^HTTP\/1\.1 500 /);
    expect(answer).not.toContain("secret");
    expect(first.logger.of("error")).toEqual(["the application failed"]);
    const second = await running(async () => {});
    expect(await exchange(portOf(second.server), request("/"))).toMatch(/^HTTP\/1\.1 500 /);
    expect(second.logger.of("error")).toEqual(["the application failed"]);
  });
});

describe("shutting down", () => {
  test("a handshake that comes meanwhile gets 503", async () => {
    const { server } = await running(
      webSocket(async (scope, receive, send) => {
        await receive();
        await send({ type: "websocket.accept" });
        const draining = scope.extensions["websocket.draining"]?.signal;
        await new Promise((resolve) => draining?.addEventListener("abort", resolve));
        await send({ type: "websocket.send", text: "draining" });
        while ((await receive()).type !== "websocket.disconnect");
      }),
    );
    // Begun before, or a newer Node closes it as idle.
    const late = await dial(portOf(server));
    const [line = "", ...lines] = handshake().split("\r\n");
    late.write(`${line}\r\n`);
    const client = await open(server);
    const closing = server.close({ grace: 100 });
    await once(client, "message");
    late.write(lines.join("\r\n"));
    expect(await readUntil(late, "\r\n\r\n")).toMatch(/^HTTP\/1\.1 503 /);
    late.destroy();
    await closing;
  });
});

describe("trusted proxies", () => {
  test("the client's address and scheme are what a proxy on the list says", async () => {
    const scopes: unknown[] = [];
    const application = webSocket(async ({ client, scheme }, _receive, send) => {
      scopes.push({ client, scheme });
      await send({ type: "websocket.close" });
    });
    const lines = ["X-Forwarded-For: 203.0.113.9", "X-Forwarded-Proto: https"];
    const trusting = await running(application, { trustedProxies: ["127.0.0.1"] });
    await exchange(portOf(trusting.server), handshake("/", lines));
    const wary = await running(application);
    await exchange(portOf(wary.server), handshake("/", lines));
    expect(scopes).toEqual([
      { client: { host: "203.0.113.9", port: 0 }, scheme: "wss" },
      { client: { host: "127.0.0.1", port: expect.any(Number) }, scheme: "ws" },
    ]);
  });
});
