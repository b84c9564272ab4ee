import type { Application } from "@ws/events";
import { describe, expect, test } from "vitest";
import { dial, exchange, KeptLog, portOf, readUntil } from "../../raw.fixture.js";
import { serve } from "../../serve.js";

const request = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

/** Runs an application on one request written by hand, and gives the whole answer. */
async function answerOf(application: Application, text = request): Promise<string> {
  await using server = await serve(application, { port: 0 });
  return await exchange(portOf(server), text);
}

/** An application that knows http scopes alone. */
function http(handle: Application): Application {
  return async (scope, receive, send) => {
    if (scope.type !== "http") throw new TypeError("http only");
    await handle(scope, receive, send);
  };
}

describe("receiving", () => {
  test("the body comes in its parts, then the disconnect when the response is complete, again and again", async () => {
    const types: string[] = [];
    const application = http(async (_scope, receive, send) => {
      let body = "";
      for (;;) {
        const event = await receive();
        if (event.type !== "http.request") throw new TypeError("expected the body");
        body += Buffer.from(event.body).toString();
        if (!event.moreBody) break;
      }
      await send({ type: "http.response.start", status: 200 });
      await send({ type: "http.response.body", body: Buffer.from(body) });
      types.push((await receive()).type, (await receive()).type);
    });
    const post = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello";
    expect(await answerOf(application, post)).toMatch(/hello$/);
    await expect.poll(() => types).toEqual(["http.disconnect", "http.disconnect"]);
  });

  test("a client that leaves in the middle of its body is a disconnect", async () => {
    const types: string[] = [];
    let begun = (): void => {};
    const called = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const application = http(async (_scope, receive) => {
      types.push((await receive()).type);
      begun();
      types.push((await receive()).type);
    });
    await using server = await serve(application, { port: 0 });
    const socket = await dial(portOf(server));
    socket.write("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc");
    await called;
    socket.destroy();
    await expect.poll(() => types).toEqual(["http.request", "http.disconnect"]);
  });
});

describe("sending", () => {
  test("a body in parts is chunked, unless the application says its length", async () => {
    const parts = (headers: readonly (readonly [string, string])[]): Application =>
      http(async (_scope, _receive, send) => {
        await send({ type: "http.response.start", status: 200, headers });
        await send({ type: "http.response.body", body: Buffer.from("ab"), moreBody: true });
        await send({ type: "http.response.body", body: Buffer.from("cd") });
      });
    expect(await answerOf(parts([]))).toMatch(/transfer-encoding: chunked/i);
    expect(await answerOf(parts([["Content-Length", "4"]]))).toMatch(/Content-Length: 4\r\n[\s\S]*abcd$/);
  });

  test("duplicate headers are kept in order", async () => {
    const application = http(async (_scope, _receive, send) => {
      const headers = [
        ["x-a", "1"],
        ["x-a", "2"],
      ] as const;
      await send({ type: "http.response.start", status: 200, headers });
      await send({ type: "http.response.body" });
    });
    expect(await answerOf(application)).toMatch(/x-a: 1\r\nx-a: 2\r\n/);
  });

  test("an event out of order or malformed rejects, and the response can still be made", async () => {
    const errors: unknown[] = [];
    const application = http(async (_scope, _receive, send) => {
      await send({ type: "http.response.body" }).catch((error) => errors.push(error.code));
      await send({ type: "http.response.start", status: 99 }).catch((error) => errors.push(error.code));
      await send({ type: "http.response.start", status: 200 });
      await send({ type: "http.response.body" });
    });
    expect(await answerOf(application)).toMatch(/^HTTP\/1\.1 200 /);
    expect(errors).toEqual(["ERR_WS_EVENT_ORDER", "ERR_WS_EVENT_INVALID"]);
  });

  test("an application that throws between head and body is still answered with 500", async () => {
    const application = http(async (_scope, _receive, send) => {
      await send({ type: "http.response.start", status: 200 });
      throw new Error("secret");
    });
    expect(await answerOf(application)).toMatch(/^HTTP\/1\.1 500 /);
  });

  test("one that throws in the middle of the body has its response cut off, so that the client knows", async () => {
    const application = http(async (_scope, _receive, send) => {
      await send({ type: "http.response.start", status: 200 });
      await send({ type: "http.response.body", body: Buffer.from("half"), moreBody: true });
      throw new Error("secret");
    });
    const answer = await answerOf(application).catch(() => "reset");
    expect(answer).not.toMatch(/\r\n0\r\n\r\n$/);
  });

  test("it waits while the client does not read, and does nothing after the client has left", async () => {
    const logger = new KeptLog();
    let sent = 0;
    let isDone = false;
    const application = http(async (_scope, receive, send) => {
      await send({ type: "http.response.start", status: 200 });
      for (; sent < 1_000; sent += 1) {
        await send({ type: "http.response.body", body: new Uint8Array(65_536), moreBody: true });
      }
      await receive();
      isDone = true;
      await send({ type: "http.response.body" });
    });
    await using server = await serve(application, { port: 0, logger });
    const socket = await dial(portOf(server));
    socket.write(request);
    await readUntil(socket, "200");
    socket.pause();
    expect(sent).toBeLessThan(1_000);
    socket.destroy();
    await expect.poll(() => isDone).toBe(true);
    expect(sent).toBe(1_000);
  });
});
