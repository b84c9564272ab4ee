import type { Application, ReceiveEvent, WebSocketScope } from "@ws/events";
import { describe, expect, test } from "vitest";
import { defaults } from "../options/resolve-options.js";
import type { Limits } from "./limits.js";
import { connectInMemory, type MemoryConnection } from "./memory-host.fixture.js";

const scope: WebSocketScope = {
  type: "websocket",
  asgi: { version: "3.0", specVersion: "2.5" },
  httpVersion: "1.1",
  scheme: "ws",
  path: "/",
  rawPath: "/",
  queryString: "",
  rootPath: "",
  headers: [],
  client: null,
  server: null,
  subprotocols: ["chat"],
  state: {},
  extensions: {},
};

function host(application: Application, limits: Partial<Limits> = {}): MemoryConnection {
  return connectInMemory(application, scope, { ...defaults, ...limits });
}

const echo: Application = async (_scope, receive, send) => {
  await receive();
  await send({ type: "websocket.accept", subprotocol: "chat" });
  for (;;) {
    const event = await receive();
    if (event.type !== "websocket.receive") return;
    await send({ ...event, type: "websocket.send" });
  }
};

describe("the session core on a host of its own, without Node", () => {
  test("accepts, echoes texts and bytes in order, and gives the application the client's close", async () => {
    let tell!: (event: ReceiveEvent) => void;
    const disconnect = new Promise<ReceiveEvent>((resolve) => {
      tell = resolve;
    });
    const connection = host((given, receive, send) =>
      echo(
        given,
        async () => {
          const event = await receive();
          if (event.type === "websocket.disconnect") tell(event);
          return event;
        },
        send,
      ),
    );
    expect(await connection.answered).toMatchObject({
      status: 101,
      headers: [["sec-websocket-protocol", "chat"]],
    });
    connection.say("héllo");
    connection.say(Uint8Array.of(1, 255));
    expect([await connection.hear(), await connection.hear()]).toEqual(["héllo", Uint8Array.of(1, 255)]);
    connection.leave(4_000, "bye");
    expect(await disconnect).toEqual({ type: "websocket.disconnect", code: 4_000, reason: "bye" });
  });

  test("denies with a response, and with a bare status for an application that does not answer", async () => {
    const denied = host(async (_scope, receive, send) => {
      await receive();
      await send({ type: "websocket.http.response.start", status: 402, headers: [["x-a", "1"]] });
      await send({ type: "websocket.http.response.body", body: new TextEncoder().encode("pay") });
    });
    expect(await denied.answered).toEqual({ status: 402, headers: [["x-a", "1"]], body: "pay" });
    expect(await host(async () => {}).answered).toMatchObject({ status: 403 });
    expect(await host(async () => Promise.reject(new Error("broken"))).answered).toMatchObject({
      status: 500,
    });
    expect(await host(() => new Promise(() => {}), { acceptTimeout: 1 }).answered).toMatchObject({
      status: 503,
    });
  });

  test("closes with 1000 when the application returns and with 1011 when it throws", async () => {
    const accepting: Application = async (_scope, receive, send) => {
      await receive();
      await send({ type: "websocket.accept" });
    };
    expect(await host(accepting).closed).toMatchObject({ code: 1_000 });
    const failing: Application = async (...given) => {
      await accepting(...given);
      throw new Error("broken");
    };
    expect(await host(failing).closed).toMatchObject({ code: 1_011 });
  });

  test("pauses a client whose messages nobody receives, and goes on when they are taken", async () => {
    let take!: () => void;
    const taking = new Promise<void>((resolve) => {
      take = resolve;
    });
    const connection = host(
      async (given, receive, send) => {
        await receive();
        await send({ type: "websocket.accept" });
        await taking;
        const replay = [{ type: "websocket.connect" } as const];
        await echo(
          given,
          async () => replay.shift() ?? receive(),
          async (event) => (event.type === "websocket.accept" ? undefined : send(event)),
        );
      },
      { receiveQueue: { messages: 4, bytes: 1_000 } },
    );
    await connection.answered;
    for (const message of ["1", "2", "3", "4"]) connection.say(message);
    expect(connection.isPaused).toBe(true);
    take();
    const heard = [
      await connection.hear(),
      await connection.hear(),
      await connection.hear(),
      await connection.hear(),
    ];
    expect([heard, connection.isPaused]).toEqual([["1", "2", "3", "4"], false]);
  });
});
