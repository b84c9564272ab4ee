import { createRequire } from "node:module";
import { createTRPCClient, createWSClient, wsLink } from "@trpc/client";
import { initTRPC } from "@trpc/server";
import { getWSConnectionHandler } from "@trpc/server/adapters/ws";
import { Connection } from "@ws/connection";
import type { Application } from "@ws/events";
import { createRouter, websocket } from "@ws/router";
import { type connect, loopback, start, type TestServer } from "@ws/testing";
import { createClient, makeServer } from "graphql-ws";
import { describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { asWebSocket, type ServeWebSocket, type WebSocketAdapter, websockets } from "../index.js";

// The one copy that graphql-ws itself has: two can't be mixed.
const { GraphQLObjectType, GraphQLSchema, GraphQLString } = createRequire(import.meta.url)(
  "graphql",
) as typeof import("graphql");

/** An application that serves every path by code that was written for a `WebSocket`. */
const serving = (serve: ServeWebSocket): Application =>
  websockets(createRouter([websocket("/ws/", (socket) => asWebSocket(socket, serve))]))();

describe("graphql-ws on a view", () => {
  const stopped: string[] = [];
  async function* count(): AsyncGenerator<{ readonly tick: string }> {
    try {
      for (let tick = 0; ; tick += 1) {
        yield { tick: String(tick) };
        await new Promise((resolve) => setImmediate(resolve));
      }
    } finally {
      stopped.push("counting");
    }
  }
  const schema = new GraphQLSchema({
    query: new GraphQLObjectType({
      name: "Query",
      fields: { hello: { type: GraphQLString, resolve: () => "world" } },
    }),
    subscription: new GraphQLObjectType({
      name: "Subscription",
      fields: { tick: { type: GraphQLString, subscribe: count } },
    }),
  });
  const server = makeServer({ schema });
  const application = websockets(
    createRouter([
      websocket("/graphql/", (socket) => {
        const subprotocol = socket.subprotocols.find((offer) => offer === "graphql-transport-ws");
        const serve: ServeWebSocket = (client) => {
          const closed = server.opened(
            {
              protocol: client.protocol,
              send: (data) =>
                new Promise((resolve, reject) => {
                  client.send(data, (error) => (error === undefined ? resolve() : reject(error)));
                }),
              close: (code, reason) => client.close(code, reason),
              onMessage: (take) => client.on("message", (data: Buffer) => take(data.toString())),
            },
            { socket },
          );
          client.once("close", (code: number, reason: Buffer) => void closed(code, reason.toString()));
        };
        return asWebSocket(socket, serve, { subprotocol });
      }),
    ]),
  )();

  test("fault 209: answers queries and subscriptions of its own client, and stops what nobody hears", async () => {
    await using running = await start(application, { transport: loopback });
    const client = createClient({ url: `${running.url}/graphql/`, webSocketImpl: WebSocket, lazy: true });
    const answers: unknown[] = [];
    for await (const { data } of client.iterate({ query: "{ hello }" })) answers.push(data);
    expect(answers).toEqual([{ hello: "world" }]);
    const ticks: unknown[] = [];
    for await (const { data } of client.iterate({ query: "subscription { tick }" })) {
      ticks.push(data?.["tick"]);
      if (ticks.length === 100) break;
    }
    expect(ticks).toEqual(Array.from({ length: 100 }, (_, tick) => String(tick)));
    await expect.poll(() => stopped).toEqual(["counting"]);
    await client.dispose();
  });

  test("fault 209: its subscriptions end with the connection that is lost", async () => {
    stopped.length = 0;
    await using running = await start(application);
    const session = await running.connect("/graphql/", { subprotocols: ["graphql-transport-ws"] });
    await session.sendJson({ type: "connection_init" });
    expect(await session.receiveJson()).toMatchObject({ type: "connection_ack" });
    await session.sendJson({ type: "subscribe", id: "1", payload: { query: "subscription { tick }" } });
    expect(await session.receiveJson()).toMatchObject({ type: "next", payload: { data: { tick: "0" } } });
    session.terminate();
    await expect.poll(() => stopped).toEqual(["counting"]);
  });

  test("fault 209: closes with its own codes", async () => {
    await using running = await start(application);
    const session = await running.connect("/graphql/", { subprotocols: ["graphql-transport-ws"] });
    await session.sendText("no json");
    expect(await session.closed).toMatchObject({ code: 4400, reason: "Invalid message received" });
    const other = await running.connect("/graphql/", {});
    expect(await other.closed).toMatchObject({ code: 4406 });
  });
});

describe("tRPC on a view", () => {
  const { router, procedure } = initTRPC.context<{ readonly user: string | undefined }>().create();
  const routes = router({
    greet: procedure.query(({ ctx }) => `hello ${ctx.user}`),
    count: procedure.subscription(async function* ({ signal }) {
      for (let tick = 0; !signal?.aborted; tick += 1) {
        yield tick;
        await new Promise((resolve) => setImmediate(resolve));
      }
    }),
  });
  const options = {
    router: routes,
    createContext: ({ req }: { readonly req: { readonly headers: Readonly<Record<string, unknown>> } }) => ({
      user: req.headers["x-user"] as string | undefined,
    }),
  };
  // Its type wants a server of `ws` too, which it has no use for.
  const onConnection = getWSConnectionHandler(options as never);
  const serve: ServeWebSocket = (client, request) => onConnection(client as never, request as never);

  test("fault 209: answers calls and subscriptions of its own client, whose request it sees", async () => {
    await using running = await start(serving(serve), { transport: loopback });
    const WebSocketOfAnn = class extends WebSocket {
      constructor(url: string | URL) {
        super(url, { headers: { "x-user": "ann" } });
      }
    };
    const client = createWSClient({ url: `${running.url}/ws/`, WebSocket: WebSocketOfAnn as never });
    const trpc = createTRPCClient<typeof routes>({ links: [wsLink({ client })] });
    expect(await trpc.greet.query()).toBe("hello ann");
    const ticks: number[] = [];
    await new Promise<void>((resolve, reject) => {
      const subscription = trpc.count.subscribe(undefined, {
        onData: (tick) => {
          ticks.push(tick);
          if (ticks.length < 50) return;
          subscription.unsubscribe();
          resolve();
        },
        onError: reject,
      });
    });
    expect(ticks.slice(0, 50)).toEqual(Array.from({ length: 50 }, (_, tick) => tick));
    await client.close();
  });
});

describe("a connection in the shape of a WebSocket", () => {
  /** Serves one session, and gives what its code was given. */
  async function opened(
    serve: (client: WebSocketAdapter) => unknown = () => {},
  ): Promise<{ client: WebSocketAdapter; session: Awaited<ReturnType<typeof connect>>; server: TestServer }> {
    const clients: WebSocketAdapter[] = [];
    const application = serving((client) => {
      clients.push(client);
      return serve(client);
    });
    const server = await start(application);
    const session = await server.connect("/ws/?x=1");
    await expect.poll(() => clients.length).toBe(1);
    return { client: clients[0] as WebSocketAdapter, session, server };
  }

  test("fault 209: gives messages as ws does, and as the DOM does", async () => {
    const seen: unknown[] = [];
    const { client, session, server } = await opened((client) => {
      client.on("message", (data: Buffer, isBinary: boolean) => {
        seen.push([Buffer.isBuffer(data), data.toString(), isBinary]);
      });
      client.addEventListener("message", ({ type, data, target }) =>
        seen.push([type, data, target === client]),
      );
    });
    await session.sendText("grüße");
    await session.sendBytes(Uint8Array.of(104, 105));
    await expect.poll(() => seen.length).toBe(4);
    expect(seen).toEqual([
      [true, "grüße", false],
      ["message", "grüße", true],
      [true, "hi", true],
      ["message", Buffer.from("hi"), true],
    ]);
    expect([client.readyState, client.protocol, client.extensions, client.url]).toEqual([
      client.OPEN,
      "",
      "",
      "ws://localhost/ws/?x=1",
    ]);
    await server.close();
    expect(client.readyState).toBe(client.CLOSED);
  });

  test("fault 209: takes a text and bytes in every shape", async () => {
    const { client, session, server } = await opened();
    client.send("text");
    client.send(5);
    client.send(Buffer.from("of bytes"), { binary: false });
    client.send("as bytes", { binary: true });
    client.send(Uint8Array.of(1, 2).buffer);
    client.send(new DataView(Uint8Array.of(0, 3, 4, 0).buffer, 1, 2));
    for (const text of ["text", "5", "of bytes"]) expect(await session.receiveText()).toBe(text);
    for (const bytes of [Buffer.from("as bytes"), Uint8Array.of(1, 2), Uint8Array.of(3, 4)]) {
      expect([...(await session.receiveBytes())]).toEqual([...bytes]);
    }
    expect(() => client.send({} as never)).toThrow(
      "send: expected a text or bytes, got an object without keys",
    );
    await expect.poll(() => client.bufferedAmount).toBe(0);
    await server.close();
  });

  test("fault 209: tells the callback of a send when it was taken, and that nothing is sent after the end", async () => {
    const { client, session, server } = await opened();
    const sent = new Promise<unknown>((resolve) => client.send("a", resolve));
    expect(client.bufferedAmount).toBe(1);
    expect(await sent).toBeUndefined();
    client.close(4000, Buffer.from("ü".repeat(100)));
    expect(client.readyState).toBe(client.CLOSING);
    expect(await session.closed).toMatchObject({ code: 4000, reason: "ü".repeat(61) });
    const late = await new Promise<unknown>((resolve) => client.send("b", {}, resolve));
    expect(late).toMatchObject({ errorCode: "ERR_WS_CONNECTION_CLOSED" });
    client.send("nobody is told, and nothing happens");
    await server.close();
  });

  test("fault 209: tells of the close as ws does, and as the DOM does", async () => {
    const seen: unknown[] = [];
    const { session, server } = await opened((client) => {
      client.on("close", (code: number, reason: Buffer) => seen.push([code, reason.toString()]));
      client.addEventListener("close", ({ code, reason, wasClean }) => seen.push([code, reason, wasClean]));
    });
    await session.close(4001, "bye");
    await expect
      .poll(() => seen)
      .toEqual([
        [4001, "bye"],
        [4001, "bye", true],
      ]);
    await server.close();
  });

  test("fault 209: forgets a listener that is removed", async () => {
    const seen: unknown[] = [];
    const listener = (): void => void seen.push("removed");
    const { session, server } = await opened((client) => {
      client.addEventListener("message", listener);
      client.removeEventListener("message", listener);
      client.removeEventListener("message", () => {});
      client.on("message", () => seen.push("kept"));
    });
    await session.sendText("x");
    await expect.poll(() => seen).toEqual(["kept"]);
    await server.close();
  });

  test("fault 209: answers a ping for the server that looks after its peers, and closes where it is to terminate", async () => {
    const { client, session, server } = await opened();
    const pong = new Promise((resolve) => client.once("pong", resolve));
    client.ping();
    await pong;
    client.terminate();
    expect(await session.closed).toMatchObject({ code: 1001 });
    let pongs = 0;
    client.on("pong", () => {
      pongs += 1;
    });
    client.ping();
    await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setImmediate(resolve));
    expect(pongs).toBe(0);
    await server.close();
  });

  test.each<[string, (client: WebSocketAdapter) => unknown]>([
    [
      "the code itself throws",
      () => {
        throw new Error("oh no");
      },
    ],
    ["the code itself rejects", () => Promise.reject(new Error("oh no"))],
    [
      "a listener throws",
      (client) =>
        client.on("message", () => {
          throw new Error("oh no");
        }),
    ],
    ["a listener rejects", (client) => client.on("message", () => Promise.reject(new Error("oh no")))],
    [
      "a callback of send throws",
      (client) =>
        client.on("message", () =>
          client.send("x", () => {
            throw new Error("oh no");
          }),
        ),
    ],
    [
      "an error is emitted that nobody hears",
      (client) => client.on("message", () => client.emit("error", new Error("oh no"))),
    ],
    [
      "an error is emitted",
      (client) => client.on("error", () => {}).on("message", () => client.emit("error", new Error("oh no"))),
    ],
  ])("fault 209: where %s, that connection alone ends with 1011, and is cleaned up", async (_, serve) => {
    const closes: unknown[] = [];
    const errors: unknown[] = [];
    const application = serving((client) => {
      client.on("close", (code: number) => closes.push(code));
      client.addEventListener("error", ({ message }) => errors.push(message));
      client.addEventListener("error", ({ error }) => errors.push(error));
      if (closes.length === 0) return serve(client);
      return client.on("message", (data: Buffer) => client.send(data.toString()));
    });
    const server = await start(application);
    const session = await server.connect("/ws/");
    await session.sendText("hello").catch(() => {});
    expect(await session.closed).toMatchObject({ code: 1011 });
    expect(String(await server.thrown())).toBe("Error: oh no");
    expect(closes).toEqual([1011]);
    await using next = await server.connect("/ws/");
    await next.sendText("still here");
    expect(await next.receiveText()).toBe("still here");
    expect(errors.every((each) => each === "oh no" || each instanceof Error)).toBe(true);
  });

  test("fault 209: an error that is none, a text that is not one, and a bad close code end it too", async () => {
    const mistakes: ((client: WebSocketAdapter) => unknown)[] = [
      (client) => client.emit("error", "oh no"),
      (client) => client.send("\ud800"),
      (client) => client.close(1006),
    ];
    for (const mistake of mistakes) {
      const messages: unknown[] = [];
      const { session, server } = await opened((client) => {
        client.addEventListener("error", ({ message }) => messages.push(message));
        mistake(client);
      });
      expect(await session.closed).toMatchObject({ code: 1011 });
      await server.thrown();
      await server.close();
    }
  });

  test("fault 209: receives nothing more from a peer that doesn't read what it is sent", async () => {
    let received = 0;
    const part = "x".repeat(64 * 1_024);
    const application = serving((client) => {
      client.on("message", () => {
        received += 1;
        for (let sent = 0; sent < 4; sent += 1) client.send(part);
      });
    });
    await using server = await start(application, { sendBuffer: 1_024 });
    await using session = await server.connect("/ws/");
    session.pause();
    const asked = 200;
    const sending = Promise.all(Array.from({ length: asked }, () => session.sendText("more")));
    await expect.poll(() => received).toBeGreaterThan(0);
    const stalled = received;
    expect(stalled).toBeLessThan(asked);
    session.resume();
    for (let part = 0; part < asked * 4; part += 1) await session.receiveText();
    await sending;
    expect(received).toBe(asked);
  });

  test("fault 209: goes on where somebody has accepted before, and selects what the options say", async () => {
    const application: Application = async (scope, receive, send) => {
      if (scope.type !== "websocket") throw new TypeError(scope.type);
      const socket = new Connection(scope, receive, send);
      if (scope.path === "/before/") await socket.accept();
      const headers = { "x-a": "b" };
      await asWebSocket(socket, (client) => client.send(client.protocol), { subprotocol: "chat", headers });
    };
    await using server = await start(application);
    await using session = await server.connect("/", { subprotocols: ["other", "chat"] });
    expect([session.subprotocol, session.headers.get("x-a"), await session.receiveText()]).toEqual([
      "chat",
      "b",
      "chat",
    ]);
    await using before = await server.connect("/before/");
    expect(await before.receiveText()).toBe("chat");
  });

  test("fault 209: shows the request as Node does", async () => {
    const application = serving((client, { rawHeaders, headers, ...rest }) => {
      client.send(
        JSON.stringify({ ...rest, cookie: headers["cookie"], x: headers["x-a"], raw: rawHeaders.length > 8 }),
      );
    });
    await using server = await start(application, { transport: loopback });
    await using session = await server.connect("/ws/?a=%20b", {
      headers: { "x-a": "1" },
      cookies: { a: "1" },
    });
    expect(await session.receiveJson()).toEqual({
      method: "GET",
      url: "/ws/?a=%20b",
      httpVersion: "1.1",
      cookie: "a=1",
      x: "1",
      raw: true,
      socket: { remoteAddress: "127.0.0.1", remotePort: expect.any(Number), encrypted: false },
    });
  });
});
