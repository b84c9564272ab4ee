import { once } from "node:events";
import type { Application, HttpScope, ReceiveEvent, Scope, SendEvent } from "@ws/events";
import { describe, expect, test } from "vitest";
import { dial, exchange, KeptLog, portOf, readUntil } from "../../raw.fixture.js";
import { type Server, serve } from "../../serve.js";
import { type FetchHandler, fromFetch } from "./from-fetch.js";

function get(target = "/", lines: readonly string[] = []): string {
  return [`GET ${target} HTTP/1.1`, "Host: example.com:81", "Connection: close", ...lines, "", ""].join(
    "\r\n",
  );
}

function serving(handler: FetchHandler, logger = new KeptLog()): Promise<Server> {
  return serve(fromFetch(handler), { port: 0, logger });
}

describe("the request", () => {
  test("has method, URL and headers as they came", async () => {
    await using server = await serving((request) => {
      const { method, url, headers } = request;
      return Response.json({ method, url, twice: headers.get("x-a"), body: request.body });
    });
    const answer = await exchange(portOf(server), get("/caf%C3%A9?x=1", ["X-A: 1", "X-A: 2"]));
    const body = JSON.parse(String(answer.split("\r\n\r\n")[1]?.match(/{.*}/)?.[0]));
    expect(body).toEqual({
      method: "GET",
      url: "http://example.com:81/caf%C3%A9?x=1",
      twice: "1, 2",
      body: null,
    });
  });

  test("has a body that streams: each part is there before the next is sent", async () => {
    await using server = await serving(async (request) => {
      const parts: string[] = [];
      for await (const part of request.body ?? []) {
        parts.push(Buffer.from(part).toString());
        if (parts.length === 1) heard();
      }
      return new Response(parts.join("|"));
    });
    let heard = (): void => {};
    const first = new Promise<void>((resolve) => {
      heard = resolve;
    });
    const socket = await dial(portOf(server));
    socket.write("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\nConnection: close\r\n\r\nabc");
    await first;
    socket.write("def");
    expect(await readUntil(socket, "abc|def")).toMatch(/^HTTP\/1\.1 200 /);
    socket.destroy();
  });

  test("a body that the handler does not read is no hindrance", async () => {
    await using server = await serving(() => new Response("fine"));
    const request = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nConnection: close\r\n\r\nbody";
    expect(await exchange(portOf(server), request)).toMatch(/^HTTP\/1\.1 200 [\s\S]*fine/);
  });

  test("a client that leaves in the middle of its body is an error to whoever reads it", async () => {
    let seen: (error: unknown) => void = () => {};
    const error = new Promise((resolve) => {
      seen = resolve;
    });
    let begun = (): void => {};
    const called = new Promise<void>((resolve) => {
      begun = resolve;
    });
    await using server = await serving(async (request) => {
      begun();
      await request.text().catch(seen);
      return new Response();
    });
    const socket = await dial(portOf(server));
    socket.write("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc");
    await called;
    socket.destroy();
    expect(String(await error)).toContain("the client left");
  });

  test("its signal is aborted when the client leaves", async () => {
    let called = (): void => {};
    const begun = new Promise<void>((resolve) => {
      called = resolve;
    });
    let aborted: Promise<unknown> = Promise.resolve();
    await using server = await serving(async ({ signal }) => {
      aborted = once(signal, "abort");
      called();
      await aborted;
      return new Response();
    });
    const socket = await dial(portOf(server));
    socket.write(get());
    await begun;
    socket.destroy();
    await aborted;
  });
});

describe("the response", () => {
  test("has status, headers with every cookie, and the body", async () => {
    await using server = await serving(() => {
      const headers = new Headers({ "x-a": "1" });
      headers.append("set-cookie", "a=1");
      headers.append("set-cookie", "b=2");
      return new Response("short", { status: 201, headers });
    });
    const answer = await exchange(portOf(server), get());
    expect(answer).toMatch(/^HTTP\/1\.1 201 /);
    expect(answer).toMatch(/set-cookie: a=1\r\nset-cookie: b=2\r\n/i);
    expect(answer).toContain("short");
  });

  test("a response without a body has length 0, and one to HEAD none at all", async () => {
    await using server = await serving(({ method }) => new Response(method === "HEAD" ? "hidden" : null));
    expect(await exchange(portOf(server), get())).toMatch(/content-length: 0\r\n/i);
    expect(await exchange(portOf(server), get().replace("GET", "HEAD"))).not.toContain("hidden");
  });

  test("204 and 304 have neither body nor length", async () => {
    await using server = await serving(() => new Response(null, { status: 204 }));
    const answer = await exchange(portOf(server), get());
    expect(answer).toMatch(/^HTTP\/1\.1 204 /);
    expect(answer).not.toMatch(/content-length/i);
  });

  test("a stream without an end is cancelled when its client leaves", async () => {
    let cancelled = (): void => {};
    const end = new Promise<void>((resolve) => {
      cancelled = resolve;
    });
    const endless = (): Response =>
      new Response(
        new ReadableStream<Uint8Array>({
          pull: (controller) => controller.enqueue(new Uint8Array(65_536)),
          cancel: () => {
            cancelled();
            throw new Error("a cancel that fails is nobody's concern");
          },
        }),
      );
    await using server = await serving(endless);
    const socket = await dial(portOf(server));
    socket.write(get());
    await readUntil(socket, "200");
    socket.destroy();
    await end;
  });

  test("a stream without an end is not begun for a client that left before the response was there", async () => {
    let pulled = 0;
    let cancelled!: () => void;
    const end = new Promise<void>((resolve) => {
      cancelled = resolve;
    });
    let called!: () => void;
    const begun = new Promise<void>((resolve) => {
      called = resolve;
    });
    await using server = await serving(async ({ signal }) => {
      called();
      await once(signal, "abort");
      const pull = (controller: ReadableStreamDefaultController): void => {
        pulled += 1;
        controller.enqueue(new Uint8Array(1));
      };
      return new Response(new ReadableStream({ pull, cancel: () => cancelled() }));
    });
    const socket = await dial(portOf(server));
    socket.write(get());
    await begun;
    socket.destroy();
    await end;
    expect(pulled).toBeLessThan(10);
  });

  test("a method that fetch knows no word for gets 405", async () => {
    await using server = await serving(() => new Response("never"));
    expect(await exchange(portOf(server), get().replace("GET", "TRACE"))).toMatch(/^HTTP\/1\.1 405 /);
  });

  test("a handler that throws gets 500 without its words", async () => {
    const logger = new KeptLog();
    await using server = await serving(() => {
      throw new Error("secret");
    }, logger);
    const answer = await exchange(portOf(server), get());
    expect(answer).toMatch(/^HTTP\/1\.1 500 /);
    expect(answer).not.toContain("secret");
    expect(logger.of("error")).toEqual(["the application failed"]);
  });
});

test("fault 188: a middleware whose `receive` fails aborts the request, and is no unhandled rejection", async () => {
  const failure = new Error("the middleware's own");
  let aborted: unknown;
  const application = fromFetch(async ({ signal }) => {
    if (!signal.aborted) await new Promise((resolve) => signal.addEventListener("abort", resolve));
    aborted = signal.reason;
    return new Response("late");
  });
  const failing: Application = (scope, _receive, send) =>
    application(scope, () => Promise.reject(failure), send);
  await using server = await serve(failing, { port: 0, logger: false });
  await exchange(portOf(server), get());
  expect(aborted).toBe(failure);
});

test("a scope other than http is refused with what was expected", async () => {
  const application = fromFetch(() => new Response());
  const receive = () => Promise.resolve({ type: "http.disconnect" } as const);
  const attempt = application({ type: "lifespan" } as Scope, receive, () => Promise.resolve());
  await expect(attempt).rejects.toThrow(/expected an http scope, got lifespan/);
});

test("it runs on any server that speaks ASGI", async () => {
  const events: ReceiveEvent[] = [
    { type: "http.request", body: Buffer.from("a"), moreBody: true },
    { type: "http.request", body: Buffer.from("b"), moreBody: false },
  ];
  // A client that stays: its leaving does not show.
  const receive = (): Promise<ReceiveEvent> => {
    const event = events.shift();
    return event === undefined ? new Promise(() => {}) : Promise.resolve(event);
  };
  const sent: SendEvent[] = [];
  const scope = {
    type: "http",
    method: "POST",
    scheme: "http",
    rawPath: "/",
    queryString: "",
    headers: [],
    extensions: {},
  };
  const application = fromFetch(async (request) => new Response(await request.text()));
  await application(scope as unknown as HttpScope, receive, async (event) => void sent.push(event));
  expect(sent.map(({ type }) => type)).toEqual([
    "http.response.start",
    "http.response.body",
    "http.response.body",
  ]);
  expect(sent[1]).toMatchObject({ body: new Uint8Array(Buffer.from("ab")), moreBody: true });
});
