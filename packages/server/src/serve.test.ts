import { subscribe } from "node:diagnostics_channel";
import { once } from "node:events";
import type { Server } from "node:http";
import { get } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Application } from "@ws/events";
import { describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { certificate } from "./certificate.fixture.js";
import { fromFetch } from "./http/adapters/from-fetch.js";
import { dial, echo, exchange, handshake, KeptLog, portOf, readUntil, webSocket } from "./raw.fixture.js";
import { serve } from "./serve.js";

async function roundTrip(address: string, options = {}): Promise<string> {
  const client = new WebSocket(address, options);
  await once(client, "open");
  client.send("hello");
  const [data] = await once(client, "message");
  client.close();
  await once(client, "close");
  return String(data);
}

describe("where it listens", () => {
  test("127.0.0.1 by default, at a port of the system's choice where 0 is given", async () => {
    await using server = await serve(echo, { port: 0 });
    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(server.address).toMatchObject({ address: "127.0.0.1", port: portOf(server) });
    expect(await roundTrip(server.url.replace("http", "ws"))).toBe("hello");
  });

  test("an IPv6 address is bracketed in the url, and every address is localhost", async () => {
    await using six = await serve(echo, { port: 0, host: "::1" });
    expect(six.url).toMatch(/^http:\/\/\[::1\]:\d+$/);
    await using all = await serve(echo, { port: 0, host: "0.0.0.0" });
    expect(all.url).toMatch(/^http:\/\/localhost:\d+$/);
  });

  test("a unix socket, where client and server are null", async () => {
    const path = join(tmpdir(), `ws-${process.pid}.sock`);
    let ends: unknown;
    const application = webSocket(async (scope, _receive, send) => {
      ends = [scope.client, scope.server];
      await send({ type: "websocket.close" });
    });
    await using server = await serve(application, { path });
    expect(server.url).toBe(`unix:${path}`);
    const client = new WebSocket(`ws+unix://${path}:/`);
    const [error] = await once(client, "error");
    expect(String(error)).toContain("403");
    expect(ends).toEqual([null, null]);
  });

  test("TLS with Node's own options: https, wss and both schemes in the scope", async () => {
    const schemes: string[] = [];
    const application: Application = async (scope, receive, send) => {
      if (scope.type === "lifespan") throw new TypeError("no lifespan");
      schemes.push(scope.scheme);
      const page = fromFetch(() => new Response("page"));
      await (scope.type === "http" ? page : echo)(scope, receive, send);
    };
    await using server = await serve(application, { port: 0, tls: certificate });
    expect(server.url).toMatch(/^https:/);
    const ca = certificate.cert;
    expect(await roundTrip(server.url.replace("https", "wss"), { ca })).toBe("hello");
    const [response] = await once(get(server.url, { ca, agent: false }), "response");
    expect(response.statusCode).toBe(200);
    response.resume();
    await once(response, "close");
    expect(schemes).toEqual(["wss", "https"]);
  });

  test("a port in use rejects with EADDRINUSE, after the lifespan has ended", async () => {
    await using first = await serve(echo, { port: 0 });
    const events: string[] = [];
    const living: Application = async (_scope, receive, send) => {
      events.push((await receive()).type);
      await send({ type: "lifespan.startup.complete" });
      events.push((await receive()).type);
      await send({ type: "lifespan.shutdown.complete" });
    };
    const second = serve(living, { port: portOf(first) });
    await expect(second).rejects.toMatchObject({ code: "EADDRINUSE" });
    expect(events).toEqual(["lifespan.startup", "lifespan.shutdown"]);
  });

  test("an option out of range is told before anything starts", async () => {
    await expect(serve(echo, { port: 0, maxPayload: -1 })).rejects.toThrow(/options\.maxPayload: expected/);
  });
});

describe("how it ends", () => {
  test("connections counts those that are open, and is 0 after close", async () => {
    const server = await serve(echo, { port: 0 });
    const client = new WebSocket(server.url.replace("http", "ws"));
    await once(client, "open");
    expect(server.connections).toBe(1);
    const closed = once(client, "close");
    await server.close();
    expect((await closed)[0]).toBe(1012);
    expect(server.connections).toBe(0);
  });

  test("close takes another code, and a second call gives the first one's promise", async () => {
    const server = await serve(echo, { port: 0 });
    const client = new WebSocket(server.url.replace("http", "ws"));
    await once(client, "open");
    const closed = once(client, "close");
    const closing = server.close({ code: 1001 });
    expect(server.close()).toBe(closing);
    await closing;
    expect((await closed)[0]).toBe(1001);
  });

  test("an option of close out of range rejects, and ends nothing", async () => {
    await using server = await serve(echo, { port: 0 });
    await expect(server.close({ grace: -1 })).rejects.toThrow(/options\.grace: expected/);
    expect(await roundTrip(server.url.replace("http", "ws"))).toBe("hello");
  });

  test("closes that are spread over a window are not waited for when the signal says so", async () => {
    const server = await serve(echo, { port: 0 });
    const client = new WebSocket(server.url.replace("http", "ws"));
    await once(client, "open");
    const closed = once(client, "close");
    await server.close({ drain: { window: 60_000 }, signal: AbortSignal.timeout(20) });
    expect((await closed)[0]).toBe(1012);
  });

  test("a peer that does not answer is destroyed after the grace, or when the signal says so", async () => {
    const running = webSocket(async (_scope, receive, send) => {
      await receive();
      await send({ type: "websocket.accept" });
      await new Promise(() => {});
    });
    const endings = [
      () => ({ grace: 20 }),
      () => ({ signal: AbortSignal.timeout(20) }),
      () => ({ signal: AbortSignal.abort() }),
    ];
    for (const options of endings) {
      const logger = new KeptLog();
      const server = await serve(running, { port: 0, logger });
      const socket = await dial(portOf(server));
      socket.write(handshake());
      await readUntil(socket, "101");
      const closed = once(socket.resume(), "close");
      await server.close(options());
      await closed;
      expect(logger.of("warn")).toEqual(["applications still run after the grace"]);
    }
  });

  test("a request that is under way may finish; one that does not is cut off after the grace", async () => {
    let finish = (): void => {};
    const slow = fromFetch(async () => {
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
      return new Response("done");
    });
    const called: string[] = [];
    const application: Application = async (scope, receive, send) => {
      called.push(scope.type);
      await slow(scope, receive, send);
    };
    const server = await serve(application, { port: 0 });
    const answer = exchange(portOf(server), "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    await expect.poll(() => called).toContain("http");
    const closing = server.close();
    finish();
    expect(await answer).toMatch(/^HTTP\/1\.1 200 [\s\S]*done/);
    await closing;

    const other = await serve(application, { port: 0 });
    const cut = exchange(portOf(other), "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    await expect.poll(() => called.filter((type) => type === "http").length).toBe(2);
    await other.close({ grace: 10 });
    expect(await cut).toMatch(/^HTTP\/1\.1 503 /);
    finish();
  });

  test("an error of the listening socket is logged and the server goes on", async () => {
    const logger = new KeptLog();
    await using server = await serve(echo, { port: 0, logger });
    // Node tells which server took a request: the only way to it from outside.
    const started = new Promise<Server>((resolve) => {
      subscribe("http.server.request.start", (message) => resolve((message as { server: Server }).server));
    });
    await exchange(portOf(server), "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    (await started).emit("error", new Error("EMFILE"));
    expect(logger.of("error")).toContain("the server failed");
    expect(await roundTrip(server.url.replace("http", "ws"))).toBe("hello");
  });
});
