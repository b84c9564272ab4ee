import type { Application, WebSocketScope } from "@ws/events";
import { describe, expect, test, vi } from "vitest";
import { accepting, echo, handshake, untilDisconnect, webSocket } from "../conformance/case.js";
import { connect, HandshakeRejected, loopback, start } from "../index.js";
import { deferred } from "./deferred.js";

/** An application that denies, and tells what it was asked. */
function denying(tell: (scope: WebSocketScope) => void): Application {
  return webSocket(async ({ scope, send }) => {
    tell(scope);
    await send({ type: "websocket.http.response.start", status: 418, headers: [["x-a", "1"]] });
    await send({ type: "websocket.http.response.body", body: Buffer.from("tea") });
  });
}

const throwing: Application = webSocket(async () => {
  throw new Error("the view's own");
});

describe("the handshake", () => {
  test("headers, cookies, origin and subprotocols are what the options say", async () => {
    const scope = deferred<WebSocketScope>();
    const options = {
      headers: { "x-a": "1" },
      cookies: { session: "a b" },
      origin: "http://localhost",
      subprotocols: ["one", "two"],
    };
    await connect(denying(scope.resolve), "/ws/?x=1", options).catch(() => {});
    const { headers, subprotocols, path, queryString } = await scope.promise;
    expect([path, queryString]).toEqual(["/ws/", "x=1"]);
    expect(subprotocols).toEqual(["one", "two"]);
    expect(headers).toEqual(
      expect.arrayContaining([
        ["x-a", "1"],
        ["cookie", "session=a%20b"],
        ["origin", "http://localhost"],
      ]),
    );
  });

  test("one that is refused throws HandshakeRejected with status, headers and body", async () => {
    const error = await connect(
      denying(() => {}),
      "/",
    ).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(HandshakeRejected);
    const { status, headers, text, message, cause } = error as HandshakeRejected;
    expect([status, headers.get("x-a"), text]).toEqual([418, "1", "tea"]);
    expect(message).toBe("the handshake was refused with 418");
    expect(cause).toBeUndefined();
  });

  test("its cause is what the application threw", async () => {
    const error = await connect(throwing, "/").catch((reason: unknown) => reason);
    expect(error).toMatchObject({ status: 500, cause: new Error("the view's own") });
  });

  test("one that gets no answer in time says so, and the server goes on", async () => {
    const silent = webSocket(async ({ receive }) => {
      while ((await receive()).type !== "websocket.disconnect");
    });
    await using server = await start(silent);
    const attempt = server.connect("/", { timeout: 10 });
    await expect(attempt).rejects.toThrow("expected an answer to the handshake within 10 ms");
  });

  test("permessage-deflate is negotiated when both sides want it", async () => {
    const server = { perMessageDeflate: true };
    await using session = await connect(echo, "/", { perMessageDeflate: true, server });
    expect(session.headers.get("sec-websocket-extensions")).toBe(
      "permessage-deflate; server_no_context_takeover; client_no_context_takeover",
    );
  });
});

describe("a server for several sessions", () => {
  test("counts them, on either transport", async () => {
    for (const transport of [undefined, loopback]) {
      await using server = await start(echo, transport && { transport });
      const sessions = [await server.connect("/"), await server.connect("/")];
      expect(server.connections).toBe(2);
      for (const session of sessions) await session[Symbol.asyncDispose]();
      await expect.poll(() => server.connections).toBe(0);
    }
  });

  test("tells the application 1000 when a session is disposed of", async () => {
    const codes: number[] = [];
    const application = accepting(
      async ({ receive }) => void codes.push((await untilDisconnect(receive)).code),
    );
    await using server = await start(application);
    const session = await server.connect("/");
    await session[Symbol.asyncDispose]();
    await expect.poll(() => codes).toEqual([1000]);
  });

  test("answers requests that are written by hand", async () => {
    await using server = await start(echo);
    expect(await server.request(handshake("//"))).toMatch(/^HTTP\/1\.1 400 /);
    expect(await server.request("GET / HTTP/1.1\r\nHost: x\r\n\r\n")).toMatch(/^HTTP\/1\.1 426 /);
    const silent = server.request("GET / HTTP/1.1\r\n", 10);
    await expect(silent).rejects.toThrow('expected an answer within 10 ms, got nothing; so far ""');
  });

  test("a socket that is reset after the answer is an end like any other", async () => {
    await using server = await start(
      webSocket(async () => {}),
      { transport: loopback },
    );
    expect(await server.request(handshake("/", ["Sec-WebSocket-Protocol: ,"]))).toMatch(/^HTTP\/1\.1 400 /);
  });

  test("warnings, and errors that nothing was thrown for, go to standard error; what was thrown does not", async () => {
    const write = vi.spyOn(process.stderr, "write").mockReturnValue(true);
    const application: Application = async (scope, receive, send) => {
      if (scope.type !== "lifespan") {
        if (scope.path === "/throws") throw new Error("the view's own");
        return;
      }
      await receive();
      await send({ type: "lifespan.startup.complete" });
      await receive();
      await send({ type: "lifespan.shutdown.failed", message: "the pool is busy" });
    };
    const allowedOrigins = (): boolean => {
      throw new Error("no list of origins");
    };
    const server = await start(application, { allowedOrigins });
    await server.request(handshake("/throws"));
    expect(await server.thrown()).toEqual(new Error("the view's own"));
    expect(write).not.toHaveBeenCalled();
    await server.request(handshake("/", ["Origin: https://a.example"]));
    await server.request(handshake("/"));
    await server.close();
    expect(write.mock.calls.map(([line]) => line)).toEqual([
      expect.stringContaining("no list of origins"),
      expect.stringContaining("the application returned before it answered the handshake"),
      expect.stringContaining("the pool is busy"),
    ]);
  });

  test("throws at its end what an application threw, unless a test has seen it", async () => {
    const first = await start(throwing);
    await first.request(handshake("/"));
    await expect(first[Symbol.asyncDispose]()).rejects.toThrow("the view's own");
    await using second = await start(throwing);
    await second.request(handshake("/"));
    expect(await second.thrown()).toEqual(new Error("the view's own"));
  });
});
