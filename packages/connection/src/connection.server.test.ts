import { type CloseInfo, ConnectionClosed, InvalidMessage, ProtocolError } from "@ws/events";
import { connect, HandshakeRejected } from "@ws/testing";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { rejection } from "./events.fixture.js";
import { view } from "./view.fixture.js";

// The same behaviours over the real server and the real protocol, in memory.

async function rejected(session: Promise<unknown>): Promise<HandshakeRejected> {
  const error = await rejection(session);
  if (error instanceof HandshakeRejected) return error;
  throw error;
}

describe("the handshake", () => {
  test("is read by the properties", async () => {
    const tell = view(async (socket) => {
      await socket.accept({ subprotocol: "v1" });
      const { url, path, query, queryString, subprotocols, client, params, state } = socket;
      await socket.sendJson({
        url,
        path,
        page: query.get("page"),
        queryString,
        cookie: socket.cookies.get("session"),
        header: socket.headers.get("x-a"),
        subprotocols,
        isAddress: client === null || typeof client.host === "string",
        params,
        state,
      });
    });
    await using session = await connect(tell, "/caf%C3%A9/?page=2", {
      headers: { "x-a": "1" },
      cookies: { session: "ü" },
      subprotocols: ["v2", "v1"],
    });
    expect(await session.receiveJson()).toEqual({
      url: "ws://localhost/caf%C3%A9/?page=2",
      path: "/café/",
      page: "2",
      queryString: "page=2",
      cookie: "ü",
      header: "1",
      subprotocols: ["v2", "v1"],
      isAddress: true,
      params: {},
      state: {},
    });
  });

  test("is accepted with a subprotocol and headers", async () => {
    const accept = view(async (socket) => {
      await socket.accept({ subprotocol: "v1", headers: { "X-Room": "5" } });
      await socket.receive();
    });
    await using session = await connect(accept, "/", { subprotocols: ["v2", "v1"] });
    expect(session.subprotocol).toBe("v1");
    expect(session.headers.get("x-room")).toBe("5");
  });

  test("with a subprotocol that was not offered rejects, and can still be accepted", async () => {
    let error: unknown;
    const accept = view(async (socket) => {
      error = await rejection(socket.accept({ subprotocol: "v9" }));
      expect(socket.applicationState).toBe("connecting");
      await socket.accept({ subprotocol: "v1" });
      await socket.sendText(socket.applicationState);
    });
    await using session = await connect(accept, "/", { subprotocols: ["v1"] });
    expect(await session.receiveText()).toBe("connected");
    expect(error).toBeInstanceOf(ProtocolError);
    expect(error).toMatchObject({ code: "ERR_WS_EVENT_INVALID" });
    expect(session.subprotocol).toBe("v1");
  });

  test("or denied, with a platform Response whose body is a stream", async () => {
    const deny = view(async (socket) => {
      await rejection(socket.accept({ subprotocol: "v9" }));
      const stream = new Blob(["not ", "today"]).stream();
      await socket.deny(new Response(stream, { status: 403, headers: { "x-a": "1" } }));
    });
    const { status, text, headers } = await rejected(connect(deny, "/"));
    expect([status, text, headers.get("x-a")]).toEqual([403, "not today", "1"]);
  });

  test("is denied with a record; then the connection has ended, and the server says the same", async () => {
    let info: CloseInfo | undefined;
    let error: unknown;
    const deny = view(async (socket) => {
      await socket.deny({ status: 429, headers: { "retry-after": "9" }, body: "später" });
      error = await rejection(socket.sendText("a"));
      expect(error).toBe(socket.signal.reason);
      info = await socket.closed;
    });
    const { status, text, headers } = await rejected(connect(deny, "/"));
    expect([status, text, headers.get("retry-after")]).toEqual([429, "später", "9"]);
    expect(headers.get("content-type")).toBe("text/plain; charset=utf-8");
    expect(info).toEqual({ code: 1006, reason: "", wasClean: false, initiator: "application" });
  });

  test("is refused with 403 by a close", async () => {
    const refuse = view((socket) => socket.close());
    expect((await rejected(connect(refuse, "/"))).status).toBe(403);
  });

  test("denied with a status that is none rejects, and can still be denied", async () => {
    const deny = view(async (socket) => {
      expect(await rejection(socket.deny({ status: 200 }))).toBeInstanceOf(ProtocolError);
      expect(socket.applicationState).toBe("connecting");
      await socket.deny({ status: 404 });
    });
    expect((await rejected(connect(deny, "/"))).status).toBe(404);
  });
});

describe("messages", () => {
  test("go to and fro as text, bytes and JSON", async () => {
    const echo = view(async (socket) => {
      await socket.accept();
      await socket.sendText(await socket.receiveText());
      await socket.sendBytes(await socket.receiveBytes());
      await socket.sendJson(await socket.receiveJson());
      await socket.sendJsonb(await socket.receiveJsonb());
    });
    await using session = await connect(echo, "/");
    await session.sendText("");
    await session.sendBytes(Uint8Array.of(0, 255));
    await session.sendJson({ a: "\ud800" });
    await session.sendBytes(Buffer.from("[1]"));
    expect(await session.receiveText()).toBe("");
    expect(await session.receiveBytes()).toEqual(Uint8Array.of(0, 255));
    expect(await session.receiveJson()).toEqual({ a: "\ud800" });
    expect(Buffer.from(await session.receiveBytes()).toString()).toBe("[1]");
    expect(await session.closed).toMatchObject({ code: 1000 });
  });

  test("that are invalid leave the socket usable", async () => {
    const strict = view(async (socket) => {
      await socket.accept();
      for (const _ of [1, 2, 3]) {
        const error = await rejection(socket.receiveJson(z.number()));
        if (error instanceof InvalidMessage) await socket.sendJson([error.code, error.closeCode]);
      }
      await socket.sendJson(await socket.receiveJson(z.number()));
    });
    await using session = await connect(strict, "/");
    await session.sendBytes(Uint8Array.of(1));
    await session.sendText("{");
    await session.sendText('"1"');
    await session.sendText("1");
    expect(await session.receiveJson()).toEqual(["ERR_WS_MESSAGE_TYPE", 1003]);
    expect(await session.receiveJson()).toEqual(["ERR_WS_MESSAGE_JSON", 1007]);
    expect(await session.receiveJson()).toEqual(["ERR_WS_MESSAGE_SCHEMA", 1008]);
    expect(await session.receiveJson()).toBe(1);
  });

  test("are not lost by a wait that was given up", async () => {
    const patient = view(async (socket) => {
      await socket.accept();
      const controller = new AbortController();
      const waiting = rejection(socket.receiveText({ signal: controller.signal }));
      controller.abort("enough");
      await socket.sendText(String(await waiting));
      for await (const one of socket) await socket.sendText(String(one));
    });
    await using session = await connect(patient, "/");
    expect(await session.receiveText()).toBe("enough");
    await session.sendText("a");
    await session.sendText("b");
    expect([await session.receiveText(), await session.receiveText()]).toEqual(["a", "b"]);
  });
});

describe("the end", () => {
  test("by the client: iterating ends, and every wait tells the same", async () => {
    const { promise, resolve } = deferred<CloseInfo>();
    const watch = view(async (socket) => {
      await socket.accept();
      for await (const _ of socket);
      const errors = [await rejection(socket.receiveText()), await rejection(socket.sendText("a"))];
      expect(errors).toEqual([socket.signal.reason, socket.signal.reason]);
      expect(errors[0]).toBe(errors[1]);
      expect(errors[0]).toBeInstanceOf(ConnectionClosed);
      await socket.close(4000);
      resolve(await socket.closed);
    });
    await using session = await connect(watch, "/");
    expect(await session.close(4001, "bye")).toMatchObject({ code: 4001 });
    expect(await promise).toEqual({ code: 4001, reason: "bye", wasClean: true, initiator: "client" });
  });

  test("by a lost network aborts the signal, though nobody receives", async () => {
    const { promise, resolve } = deferred<CloseInfo>();
    const busy = view(async (socket) => {
      await socket.accept();
      await socket.sendText("ready");
      resolve(await socket.closed);
    });
    await using session = await connect(busy, "/");
    await session.receiveText();
    session.terminate();
    expect(await promise).toEqual({ code: 1006, reason: "", wasClean: false, initiator: "network" });
  });

  test("by `await using` is a close with 1000; by close() with the code that it gives", async () => {
    const scoped = view(async (socket) => {
      await using one = socket;
      await one.accept();
    });
    await using session = await connect(scoped, "/");
    expect(await session.closed).toEqual({ code: 1000, reason: "", wasClean: true });

    const closing = view(async (socket) => {
      await socket.accept();
      await socket.close(4002, "go");
      await socket.close(4003);
    });
    await using other = await connect(closing, "/");
    expect(await other.closed).toEqual({ code: 4002, reason: "go", wasClean: true });
  });
});

function deferred<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve = (_value: T): void => {};
  const promise = new Promise<T>((resolvePromise) => {
    resolve = resolvePromise;
  });
  return { promise, resolve };
}
