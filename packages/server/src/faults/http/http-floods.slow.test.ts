import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { once } from "node:events";
import type { Socket } from "node:net";
import { connect as connectSecurely } from "node:tls";
import type { Application, ReceiveEvent } from "@ws/events";
import { describe, expect, test } from "vitest";
import { certificate } from "../../certificate.fixture.js";
import { fromFetch } from "../../http/adapters/from-fetch.js";
import { fromNode } from "../../http/adapters/from-node.js";
import {
  dial,
  echo,
  exchange,
  handshake,
  KeptLog,
  portOf,
  readUntil,
  untilClosed,
} from "../../raw.fixture.js";
import { serve } from "../../serve.js";
import { readAnswer } from "../handshake.fixture.js";

const get = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
const last = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
const large = new Uint8Array(16 * 1_048_576);

function http(handle: Application): Application {
  return async (scope, receive, send) => {
    if (scope.type !== "http") throw new TypeError("http only");
    await handle(scope, receive, send);
  };
}

/** Something that happens later. */
function deferred<Value = void>(): {
  readonly promise: Promise<Value>;
  readonly resolve: (value: Value) => void;
} {
  let resolve!: (value: Value) => void;
  const promise = new Promise<Value>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

describe("a reader that stalls", () => {
  const applications: readonly (readonly [string, Application])[] = [
    [
      "of a stream without an end",
      http(async (_scope, _receive, send) => {
        await send({ type: "http.response.start", status: 200 });
        // A send does nothing once its client is gone.
        for (let count = 0; count < 1_000; count += 1) {
          await send({ type: "http.response.body", body: new Uint8Array(65_536), moreBody: true });
        }
        await send({ type: "http.response.body" });
      }),
    ],
    ["of one large body", fromFetch(() => new Response(large))],
    ["of a Node listener's", fromNode((_, response) => void response.end(large))],
  ];

  test.each(applications)(
    "fault 183: %s is cut off after sendTimeout, and it is logged",
    async (_, application) => {
      const logger = new KeptLog();
      await using server = await serve(application, { port: 0, logger, sendTimeout: 150 });
      const socket = await dial(portOf(server));
      socket.write(get);
      await once(socket, "readable");
      await expect
        .poll(() => logger.of("info"))
        .toEqual(["a response was cut off: its client reads too slowly"]);
      socket.destroy();
      expect(logger.of("error")).toEqual([]);
    },
    60_000,
  );

  test("fault 183: over TLS as well", async () => {
    const logger = new KeptLog();
    const application = fromFetch(() => new Response(large));
    await using server = await serve(application, { port: 0, logger, sendTimeout: 150, tls: certificate });
    const socket = connectSecurely({ port: portOf(server), ca: certificate.cert, host: "127.0.0.1" });
    socket.on("error", () => {});
    socket.write(get);
    await once(socket, "readable");
    await expect.poll(() => logger.of("info")).toHaveLength(1);
    socket.destroy();
  });

  test("fault 183: one that reads slowly but goes on takes as long as it takes, of one large write too", async () => {
    const logger = new KeptLog();
    const body = new Uint8Array(64 * 1_048_576);
    await using server = await serve(
      fromFetch(() => new Response(body)),
      { port: 0, logger, sendTimeout: 500 },
    );
    const socket = await dial(portOf(server));
    let read = 0;
    let most = 0;
    // A mebibyte at a time, twenty times in each time-out, for several of them.
    const drip = setInterval(() => {
      most += 1_048_576;
      socket.resume();
    }, 25);
    socket.on("data", (chunk) => {
      read += chunk.length;
      if (read > most) socket.pause();
    });
    socket.write(last);
    await untilClosed(socket);
    clearInterval(drip);
    expect(read).toBeGreaterThan(body.length);
    expect(logger.of("info")).toEqual([]);
  });

  test("fault 183: an application that sends nothing for a while may", async () => {
    const go = deferred();
    const application = http(async (_scope, _receive, send) => {
      await send({ type: "http.response.start", status: 200 });
      await send({ type: "http.response.body", body: Buffer.from("first"), moreBody: true });
      await go.promise;
      await send({ type: "http.response.body", body: Buffer.from("second") });
    });
    await using server = await serve(application, { port: 0, sendTimeout: 20 });
    const socket = await dial(portOf(server));
    const timeOuts = new Promise((resolve) => setTimeout(resolve, 100));
    socket.write(last);
    await readUntil(socket, "first");
    await timeOuts;
    go.resolve();
    expect(await readUntil(socket, "second")).toContain("second");
  });

  test("fault 183: a shutdown waits for what a client still reads, at most for the grace", async () => {
    const application = fromFetch(() => new Response(large));
    const server = await serve(application, { port: 0 });
    const socket = await dial(portOf(server));
    socket.write(get);
    await once(socket, "readable");
    const closing = server.close({ grace: 30_000 });
    let read = 0;
    for await (const chunk of socket) read += (chunk as Buffer).length;
    await closing;
    expect(read).toBeGreaterThan(large.length);

    const impatient = await serve(application, { port: 0 });
    const stalled = await dial(portOf(impatient));
    stalled.write(get);
    await once(stalled, "readable");
    await impatient.close({ grace: 20 });
    stalled.destroy();
  });
});

test("fault 183: an upload that never ends is cut off at requestTimeout: 408, and a disconnect", async () => {
  const seen: ReceiveEvent["type"][] = [];
  const ended = deferred();
  const application = http(async (_scope, receive) => {
    for (;;) {
      const { type } = await receive();
      if (seen.at(-1) !== type) seen.push(type);
      if (type === "http.disconnect") return ended.resolve();
    }
  });
  await using server = await serve(application, { port: 0, requestTimeout: 200 });
  const socket = await dial(portOf(server));
  socket.write("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
  const drip = setInterval(() => socket.write("1\r\na\r\n"), 5);
  const answer = await readUntil(socket, "\r\n\r\n");
  clearInterval(drip);
  expect(readAnswer(answer).status).toBe(408);
  await ended.promise;
  expect(seen).toEqual(["http.request", "http.disconnect"]);
  socket.destroy();
});

test("fault 183: an upload that goes on after its answer is cut off as well, without a second answer", async () => {
  const application = fromFetch(() => new Response("enough"));
  await using server = await serve(application, { port: 0, requestTimeout: 200 });
  const answer = await exchange(portOf(server), "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc");
  expect(answer).toContain("enough");
  expect(readAnswer(answer)).toMatchObject({ status: 200, responses: 1 });
});

/** Counts the requests that Node has read and that are not answered, on all servers. */
async function mostUnanswered(run: () => Promise<void>): Promise<number> {
  let [count, most] = [0, 0];
  const start = (): void => {
    count += 1;
    most = Math.max(most, count);
  };
  const finish = (): void => {
    count -= 1;
  };
  subscribe("http.server.request.start", start);
  subscribe("http.server.response.finish", finish);
  await run();
  unsubscribe("http.server.request.start", start);
  unsubscribe("http.server.response.finish", finish);
  return most;
}

describe("requests that are sent ahead", () => {
  test("fault 183: 10,000 on one socket: one call at a time, all answered in order, and few held", async () => {
    const requests = 10_000;
    let [running, most, calls] = [0, 0, 0];
    const application = fromFetch(async ({ url }) => {
      running += 1;
      calls += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      return new Response(`<${new URL(url).pathname}>`);
    });
    await using server = await serve(application, { port: 0 });
    const socket = await dial(portOf(server));
    const all = Array.from({ length: requests }, (_, index) => get.replace("/", `/${index}`));
    const held = await mostUnanswered(async () => {
      socket.write(all.join(""));
      const chunks: Buffer[] = [];
      for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
        chunks.push(chunk as Buffer);
        if (Buffer.concat(chunks.slice(-4)).includes(`</${requests - 1}>`)) break;
      }
      const answers = String(Buffer.concat(chunks));
      const paths = [...answers.matchAll(/<\/(\d+)>/g)].map(([, index]) => Number(index));
      expect(paths).toEqual(Array.from({ length: requests }, (_, index) => index));
    });
    expect([most, calls]).toEqual([1, requests]);
    // What stands in one chunk of 64 KiB, and the one that is being answered.
    expect(held).toBeLessThanOrEqual(65_536 / get.length + 1);
    socket.destroy();
  });

  test("fault 183: the socket is used as before when they are answered, bodies too", async () => {
    const application = fromFetch(async (request) => new Response(`<${await request.text()}>`));
    await using server = await serve(application, { port: 0 });
    const post = (body: string): string => `POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\n${body}`;
    const socket = await dial(portOf(server));
    socket.write(`${post("abc")}${post("def")}${post("g")}`);
    expect(await readUntil(socket, "<def>")).toMatch(/<abc>[\s\S]*<def>/);
    socket.write("hi");
    await readUntil(socket, "<ghi>");
    socket.write(last.replace("GET", "POST").replace("\r\n\r\n", "\r\nContent-Length: 3\r\n\r\njkl"));
    await readUntil(socket, "<jkl>");
  });

  test("fault 183: the next one does not wait for what an application does after its response", async () => {
    let calls = 0;
    const application = http(async (_scope, _receive, send) => {
      calls += 1;
      await send({ type: "http.response.start", status: 200 });
      await send({ type: "http.response.body", body: Buffer.from(`<${calls}>`) });
      if (calls === 1) await new Promise(() => {});
    });
    const server = await serve(application, { port: 0 });
    const socket = await dial(portOf(server));
    socket.write(`${get}${last}`);
    expect(await readUntil(socket, "<2>")).toContain("<1>");
    await server.close({ grace: 20 });
  });

  test("fault 183: many on many sockets are not held without a bound, and others are served", async () => {
    const logger = new KeptLog();
    const go = deferred();
    const application = fromFetch(async ({ url }) => {
      if (url.endsWith("/slow")) await go.promise;
      return new Response("page");
    });
    const server = await serve(application, { port: 0, logger });
    const sockets: Socket[] = [];
    const read = new Map<Socket, number>();
    const start = (message: unknown): void => {
      const { socket } = message as { readonly socket: Socket };
      read.set(socket, (read.get(socket) ?? 0) + 1);
    };
    subscribe("http.server.request.start", start);
    for (let count = 0; count < 40; count += 1) {
      const socket = await dial(portOf(server));
      sockets.push(socket.resume());
      socket.write(get.replace("/", "/slow").repeat(4_000));
    }
    await expect.poll(() => sockets.filter(({ closed }) => closed).length).toBeGreaterThan(10);
    unsubscribe("http.server.request.start", start);
    const held = [...read].reduce((sum, [socket, count]) => (socket.destroyed ? sum : sum + count), 0);
    expect(held).toBeLessThanOrEqual(16_384 + sockets.length);
    expect(logger.of("debug")).toContain("a socket was closed: too many requests were sent ahead");
    // One that does not send ahead, and one that does so a little.
    expect(await exchange(portOf(server), last)).toContain("page");
    expect((await exchange(portOf(server), `${get}${last}`)).match(/page/g)).toHaveLength(2);
    go.resolve();
    for (const socket of sockets) socket.destroy();
    await server.close();
  });

  test("fault 183: those that wait are forgotten when their client leaves", async () => {
    const go = deferred();
    const called = deferred();
    let calls = 0;
    const application = fromFetch(async ({ signal }) => {
      calls += 1;
      called.resolve();
      if (!signal.aborted) await once(signal, "abort");
      go.resolve();
      return new Response();
    });
    await using server = await serve(application, { port: 0 });
    const socket = await dial(portOf(server));
    socket.write(get.repeat(5));
    await called.promise;
    socket.destroy();
    await go.promise;
    await expect.poll(() => server.connections).toBe(0);
    expect(calls).toBe(1);
  });
});

describe("a request that is under way behind others that wait", () => {
  /** An application whose first answer comes when the test says so. */
  function gated(): {
    readonly application: Application;
    readonly open: () => void;
    readonly called: Promise<void>;
  } {
    const go = deferred();
    const called = deferred();
    const application = fromFetch(async (request) => {
      called.resolve();
      await go.promise;
      return new Response(`<${new URL(request.url).pathname}${await request.text()}>`);
    });
    return { application, open: () => go.resolve(), called: called.promise };
  }

  const timeout = 1_000;
  const options = {
    port: 0,
    headersTimeout: timeout,
    requestTimeout: timeout,
    keepAliveTimeout: 60_000,
  };

  /** Waits until Node has found late what is: it looks once in each time-out. */
  function found(): Promise<unknown> {
    return new Promise((resolve) => setTimeout(resolve, 2.5 * timeout));
  }

  async function begun(socket: Socket, rest: string, called: Promise<void>): Promise<void> {
    // So many that the socket is paused.
    socket.write(`${get}${get.replace("/", "/second").repeat(20)}${rest}`);
    await called;
    await found();
  }

  const post = "POST /third HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\n";

  test.each([
    ["a head", "GET /third HTT", "P/1.1\r\nHost: x\r\n\r\n", "</third>"],
    ["a body", `${post}a`, "bc", "</thirdabc>"],
  ])(
    "fault 183: is not late while we do not read on: %s",
    async (_, begin, end, answer) => {
      const { application, open, called } = gated();
      await using server = await serve(application, options);
      const socket = await dial(portOf(server));
      await begun(socket, begin, called);
      socket.write(end);
      open();
      expect(await readUntil(socket, answer)).toMatch(/<\/>[\s\S]*<\/second>/);
      socket.write(get);
      await readUntil(socket, "</>");
      socket.destroy();
    },
    60_000,
  );

  test("fault 183: is not late any more where it turns out to be a handshake", async () => {
    const { application: pages, open, called } = gated();
    const application: Application = (scope, receive, send) =>
      (scope.type === "http" ? pages : echo)(scope, receive, send);
    await using server = await serve(application, options);
    const socket = await dial(portOf(server));
    const [begin, end] = [handshake().slice(0, 20), handshake().slice(20)];
    await begun(socket, begin, called);
    socket.write(end);
    open();
    await readUntil(socket, "101 Switching Protocols");
    await found();
    expect(server.connections).toBe(1);
    socket.destroy();
  });

  test.each([
    ["a head", "GET /third HTT"],
    ["a body", `${post}a`],
  ])(
    "fault 183: has its whole time once we do, and no more: %s",
    async (_, begin) => {
      const { application, open, called } = gated();
      await using server = await serve(application, options);
      const socket = await dial(portOf(server));
      await begun(socket, begin, called);
      open();
      let answers = "";
      for await (const chunk of socket) answers += String(chunk);
      expect(answers).toMatch(/<\/>[\s\S]*<\/second>[\s\S]*HTTP\/1\.1 408 /);
    },
    60_000,
  );
});

test("fault 183: what can't be read is answered as before: 400, 413, 431", async () => {
  await using server = await serve(
    fromFetch(async (request) => new Response(await request.text())),
    { port: 0 },
  );
  const chunked = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
  const statuses = await Promise.all(
    [
      "nonsense\r\n\r\n",
      `${chunked}1;${"a".repeat(20_000)}\r\na\r\n`,
      `GET / HTTP/1.1\r\nX: ${"a".repeat(17_000)}`,
    ].map(async (request) => readAnswer(await exchange(portOf(server), request)).status),
  );
  expect(statuses).toEqual([400, 413, 431]);
});
