import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { brotliCompressSync, deflateRawSync, deflateSync, gunzipSync, gzipSync } from "node:zlib";
import type { Application, HeaderList } from "@ws/events";
import { afterEach, describe, expect, test } from "vitest";
import { type FetchHandler, fromFetch } from "../../http/adapters/from-fetch.js";
import { fromNode } from "../../http/adapters/from-node.js";
import { dial, exchange, handshake, KeptLog, portOf, webSocket } from "../../raw.fixture.js";
import { serve } from "../../serve.js";
import { readAnswer } from "../handshake.fixture.js";

/** What a client reads on a connection that it would keep, until the server closes it, and what was logged. */
async function answerOf(
  application: Application,
  request = "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
): Promise<{ readonly answer: string; readonly errors: string[] }> {
  const logger = new KeptLog();
  // Only what is wrong is to be closed at once: a connection that is kept, is kept longer than a test may last.
  await using server = await serve(application, { port: 0, logger, keepAliveTimeout: 120_000 });
  const answer = await exchange(portOf(server), request);
  const errors = logger.lines.filter(({ level }) => level === "error");
  return { answer, errors: errors.map(({ fields }) => String((fields as { error: unknown }).error)) };
}

const last = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

/** An application that sends one response, in these parts. */
function responding(headers: HeaderList, parts: readonly string[], status = 200): Application {
  return async (scope, _receive, send) => {
    if (scope.type !== "http") throw new TypeError("http only");
    await send({ type: "http.response.start", status, headers });
    for (const [index, part] of parts.entries()) {
      const moreBody = index < parts.length - 1;
      await send({ type: "http.response.body", body: Buffer.from(part), moreBody });
    }
  };
}

const five: HeaderList = [["content-length", "5"]];

describe("a response of events", () => {
  test("fault 182: one that is longer than its content-length is 500 where nothing was sent, and logged", async () => {
    const { answer, errors } = await answerOf(responding(five, ["too long"]));
    expect(readAnswer(answer)).toMatchObject({ status: 500, body: "", responses: 1 });
    expect(errors).toEqual([expect.stringMatching(/expected a body of 5 bytes, .* got 8/)]);
  });

  test("fault 182: never a byte goes out beyond the length: the connection is cut, and it is logged", async () => {
    const { answer, errors } = await answerOf(responding(five, ["abc", "defg", "h"]));
    expect(readAnswer(answer)).toMatchObject({ status: 200, body: "abc", responses: 1 });
    expect(errors).toEqual([expect.stringMatching(/expected a body of 5 bytes, .* got 7/)]);
  });

  test("fault 182: one that ends too soon is cut at once, and logged", async () => {
    const { answer, errors } = await answerOf(responding(five, ["ab", "c"]));
    expect(readAnswer(answer)).toMatchObject({ status: 200, body: "ab" });
    expect(errors).toEqual([expect.stringMatching(/expected a body of 5 bytes, .* got 3/)]);
    expect(readAnswer((await answerOf(responding(five, [""]))).answer).status).toBe(500);
  });

  test.each([
    ["takes no notice", (sent: Promise<void>) => sent.catch(() => {})],
    ["does not wait", () => Promise.resolve()],
    ["fails with it", (sent: Promise<void>) => sent],
  ])("fault 182: it is cut, and logged once, where the application %s", async (_, handle) => {
    const application: Application = async (scope, receive, send) => {
      if (scope.type !== "http") throw new TypeError("http only");
      await send({ type: "http.response.start", status: 200, headers: five });
      await send({ type: "http.response.body", body: Buffer.from("ab"), moreBody: true });
      await handle(send({ type: "http.response.body" }));
      while ((await receive()).type !== "http.disconnect");
      await new Promise((resolve) => setImmediate(resolve));
    };
    const { answer, errors } = await answerOf(application);
    expect(readAnswer(answer).body).toBe("ab");
    expect(errors).toEqual([expect.stringMatching(/got 2/)]);
  });

  test("fault 182: the next response on the connection begins where the last one ends", async () => {
    const { answer } = await answerOf(
      responding(five, ["ab", "cde"]),
      `${last.replace("close", "keep-alive")}${last}`,
    );
    expect(answer.match(/\r\n\r\nabcde/g)).toHaveLength(2);
    expect(answer).toMatch(/abcdeHTTP\/1\.1 200 OK\r\n[\s\S]*abcde$/);
  });

  test.each<[HeaderList, string]>([
    [[["content-length", "many"]], "many"],
    [[["content-length", "-1"]], "-1"],
    [[["content-length", "5.0"]], "5.0"],
    [[["content-length", ""]], ""],
    [[["content-length", "5, 6"]], "5, 6"],
    [
      [
        ["content-length", "5"],
        ["Content-Length", "6"],
      ],
      "5, 6",
    ],
  ])("fault 182: a content-length that is no one number is refused: %j", async (headers, got) => {
    const { answer, errors } = await answerOf(responding(headers, ["abcde"]));
    expect(readAnswer(answer)).toMatchObject({ status: 500, body: "" });
    expect(errors).toEqual([expect.stringContaining(`expected one number of bytes, got "${got}"`)]);
  });

  test.each<[HeaderList]>([
    [[...five, ["Content-Length", "5"]]],
    [[["content-length", "5, 5"]]],
    [[...five, ["transfer-encoding", "chunked"]]],
    [[["Transfer-Encoding", "chunked"], ...five]],
    [[...five, ["trailer", "x-sum"], ["keep-alive", "timeout=600"]]],
  ])("fault 182: one length goes out, once, and no transfer-encoding beside it: %j", async (headers) => {
    const { answer, errors } = await answerOf(responding(headers, ["ab", "cde"]), last);
    expect(answer).toMatch(/abcde$/);
    expect(answer.match(/content-length: 5\r\n/gi)).toHaveLength(1);
    expect(answer).not.toMatch(/transfer-encoding|trailer|timeout=600/i);
    expect(errors).toEqual([]);
  });

  test("fault 182: a transfer-encoding of the application alone is the server's to say", async () => {
    const headers: HeaderList = [["transfer-encoding", "chunked"]];
    const { answer } = await answerOf(responding(headers, ["abcde"]), last);
    expect(answer).toMatch(/content-length: 5\r\n[\s\S]*\r\n\r\nabcde$/);
  });

  test.each([
    [204, "GET", undefined],
    [205, "GET", "0"],
    [304, "GET", "5"],
    [200, "HEAD", "5"],
  ])("fault 182: %s in answer to %s has no body, and content-length %s", async (status, method, length) => {
    for (const parts of [["abcde"], ["abc", "de"], ["a body of another length"], [""]]) {
      const request = `${last.replace("GET", method)}`;
      const { answer, errors } = await answerOf(responding(five, parts, status), request);
      expect(readAnswer(answer)).toMatchObject({ status, body: "" });
      expect(readAnswer(answer).headers.get("content-length")).toBe(length);
      expect(answer).not.toMatch(/transfer-encoding/i);
      expect(errors).toEqual([]);
    }
  });

  test("fault 182: where nothing says how long the answer to GET is, that to HEAD does not either", async () => {
    const head = last.replace("GET", "HEAD");
    expect((await answerOf(responding([], [""]), head)).answer).not.toMatch(
      /content-length|transfer-encoding/i,
    );
    expect((await answerOf(responding([], ["abcde"]), head)).answer).toMatch(/content-length: 5\r\n/);
    expect((await answerOf(responding([], [""], 304), last)).answer).not.toMatch(/content-length/i);
  });

  test("fault 182: a denial of a handshake is held to its length as well", async () => {
    const denying = (parts: readonly string[], status = 401): Application =>
      webSocket(async (_scope, _receive, send) => {
        await send({ type: "websocket.http.response.start", status, headers: five });
        for (const [index, part] of parts.entries()) {
          const moreBody = index < parts.length - 1;
          await send({ type: "websocket.http.response.body", body: Buffer.from(part), moreBody });
        }
      });
    const whole = await answerOf(denying(["ab", "cde"]), handshake());
    expect([readAnswer(whole.answer).body, whole.errors]).toEqual(["abcde", []]);
    for (const parts of [
      ["abc", "def"],
      ["abc", "d"],
    ]) {
      const { answer, errors } = await answerOf(denying(parts), handshake());
      expect("abc").toContain(readAnswer(answer).body);
      expect(errors).toEqual([expect.stringMatching(/expected a body of 5 bytes/)]);
    }
    expect(readAnswer((await answerOf(denying(["abcde"], 304), handshake())).answer).body).toBe("");
  });
});

describe("a Node listener's response", () => {
  const listening = (listener: RequestListener): Application => fromNode(listener);

  test.each<[string, RequestListener, string]>([
    ["too long", (_, response) => void response.setHeader("content-length", 5).end("too long"), ""],
    [
      "too long in parts",
      (_, response) => {
        response.writeHead(200, { "content-length": 5 });
        response.write("abc");
        setImmediate(() => {
          response.write("def");
          response.end();
        });
      },
      "abc",
    ],
    [
      "too short",
      (_, response) => {
        response.writeHead(200, ["Content-Length", "5"]).write("abc");
        setImmediate(() => response.end());
      },
      "abc",
    ],
    [
      "nothing at all",
      (_, response) => void response.writeHead(200, "OK", { "Content-Length": "5" }).end(),
      "",
    ],
    ["no number", (_, response) => void response.setHeader("content-length", "many").end("abc"), ""],
  ])(
    "fault 182: %s: cut off, logged, and nothing is thrown where nobody catches it",
    async (_, listener, most) => {
      const { answer, errors } = await answerOf(listening(listener));
      expect(most).toContain(readAnswer(answer).body);
      expect(errors).toEqual([expect.stringMatching(/Response body's content-length/)]);
    },
  );

  test.each<[string, RequestListener]>([
    [
      "as set",
      (_, response) => {
        response.setHeader("transfer-encoding", "chunked").setHeader("content-length", 5).end("abcde");
      },
    ],
    [
      "in an object",
      (_, response) => {
        response.writeHead(200, { "Transfer-Encoding": "chunked", "content-length": 5 }).end("abcde");
      },
    ],
    [
      "in a flat list",
      (_, response) => {
        response
          .writeHead(200, ["x-a", "1", "Transfer-Encoding", "chunked", "content-length", "5"])
          .end("abcde");
      },
    ],
    [
      "in pairs",
      (_, response) => {
        const pairs = [
          ["content-length", "5"],
          ["Transfer-Encoding", "chunked"],
        ] as const;
        response.writeHead(200, pairs as unknown as string[]).end("abcde");
      },
    ],
    [
      "in both places",
      (_, response) => {
        response
          .setHeader("transfer-encoding", "chunked")
          .writeHead(200, { "content-length": 5 })
          .end("abcde");
      },
    ],
  ])("fault 182: a length stands without the transfer-encoding beside it: %s", async (_, listener) => {
    const { answer, errors } = await answerOf(listening(listener), last);
    expect(answer).toMatch(/abcde$/);
    expect(answer).toMatch(/content-length: 5\r\n/i);
    expect(answer).not.toMatch(/transfer-encoding/i);
    expect(errors).toEqual([]);
  });

  test("fault 182: one that is right is left alone, and an error of its own is its own", async () => {
    const right = listening(
      (_, response) => void response.writeHead(200, { "transfer-encoding": "chunked" }).end("abcde"),
    );
    expect((await answerOf(right, last)).answer).toMatch(/\r\n5\r\nabcde\r\n0\r\n\r\n$/);
    const wrong = listening((_, response) => void response.end(5 as unknown as string));
    const { answer, errors } = await answerOf(wrong, last);
    expect(readAnswer(answer).status).toBe(500);
    expect(errors).toEqual([expect.stringMatching(/ERR_INVALID_ARG_TYPE|must be of type string/)]);
  });
});

describe("a response of fetch that is handed on", () => {
  const origins: ReturnType<typeof createServer>[] = [];
  afterEach(() => {
    for (const origin of origins.splice(0)) origin.close().closeAllConnections();
  });

  const text = "The page of the origin, as long as it takes. ".repeat(20);

  /** Somebody else's server, and where it is. */
  async function originOf(
    body: Uint8Array | string,
    headers: Readonly<Record<string, string>>,
  ): Promise<string> {
    const origin = createServer((_, response) => {
      response.writeHead(200, { "content-length": String(Buffer.byteLength(body)), ...headers }).end(body);
    });
    origins.push(origin);
    await new Promise<void>((resolve) => origin.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(origin.address() as AddressInfo).port}/`;
  }

  /** What the platform's own client makes of the answer, and the headers that it saw. */
  async function read(handler: FetchHandler, method = "GET"): Promise<readonly [string, Headers]> {
    const logger = new KeptLog();
    await using server = await serve(fromFetch(handler), { port: 0, logger });
    const response = await fetch(server.url, { method, headers: { connection: "close" } });
    const body = await response.text();
    expect(logger.of("error")).toEqual([]);
    return [body, response.headers];
  }

  const encoded: readonly (readonly [string, Uint8Array])[] = [
    ["gzip", gzipSync(text)],
    ["deflate", deflateSync(text)],
    ["br", brotliCompressSync(text)],
    ["deflate, gzip", gzipSync(deflateSync(text))],
  ];

  test.each(encoded)("fault 182: it arrives, as it is or in a new Response: %s", async (coding, body) => {
    const origin = await originOf(body, { "content-encoding": coding, "x-a": "1", connection: "close" });
    const handlers: readonly FetchHandler[] = [
      () => fetch(origin),
      async () => (await fetch(origin)).clone(),
      async () => {
        const response = await fetch(origin);
        return new Response(response.body, response);
      },
      async () => {
        const { status, headers, body: stream } = await fetch(origin);
        return new Response(stream, { status, headers });
      },
    ];
    for (const handler of handlers) {
      const [got, headers] = await read(handler);
      expect(got).toBe(text);
      expect([headers.get("content-encoding"), headers.get("x-a")]).toEqual([null, "1"]);
    }
  });

  test.each([...encoded, ["deflate", deflateRawSync(text)] as const])(
    "fault 182: what a handler has encoded itself is sent as it is: %s",
    async (coding, body) => {
      const headers = { "content-encoding": coding, "content-length": String(body.length) };
      const inParts = (): ReadableStream<Uint8Array> =>
        new ReadableStream({
          start(controller) {
            for (const byte of body) controller.enqueue(Uint8Array.of(byte));
            controller.close();
          },
        });
      for (const make of [() => body, inParts]) {
        const [got, seen] = await read(() => new Response(make() as ReadableStream, { headers }));
        expect(got).toBe(text);
        expect(seen.get("content-encoding")).toBe(coding);
        expect(seen.get("content-length")).toBe(String(body.length));
      }
    },
  );

  test("fault 182: a compressed stream of the handler's own is sent as it is", async () => {
    const compressed = new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"));
    const [got] = await read(() => new Response(compressed, { headers: { "content-encoding": "gzip" } }));
    expect(got).toBe(text);
  });

  test("fault 182: a coding that fetch does not know is left as it came", async () => {
    const origin = await originOf(text, { "content-encoding": "x-own" });
    const [got, headers] = await read(() => fetch(origin));
    expect([got, headers.get("content-encoding")]).toEqual([text, "x-own"]);
  });

  test("fault 182: a file that is compressed itself is decoded once", async () => {
    const file = gzipSync(text);
    const origin = await originOf(gzipSync(file), { "content-encoding": "gzip" });
    await using server = await serve(
      fromFetch(() => fetch(origin)),
      { port: 0 },
    );
    const response = await fetch(server.url, { headers: { connection: "close" } });
    expect(String(gunzipSync(new Uint8Array(await response.arrayBuffer())))).toBe(text);
  });

  test("fault 182: without a coding its length is kept, and what speaks of the origin's connection is not", async () => {
    const origin = await originOf(text, {
      connection: "close, x-hop",
      "x-hop": "1",
      upgrade: "h2c",
      "x-a": "1",
    });
    const [got, headers] = await read(() => fetch(origin));
    expect(got).toBe(text);
    expect(headers.get("content-length")).toBe(String(text.length));
    expect(["x-hop", "upgrade", "x-a"].map((name) => headers.get(name))).toEqual([null, null, "1"]);
  });

  test("fault 182: HEAD has the headers of GET, no body, and does not wait for the end of one", async () => {
    const origin = await originOf(gzipSync(text), { "content-encoding": "gzip", "x-a": "1" });
    const [got, headers] = await read(() => fetch(origin, { method: "HEAD" }), "HEAD");
    expect([got, headers.get("x-a"), headers.get("content-encoding")]).toEqual(["", "1", null]);
    let cancelled = false;
    const endless = (): Response =>
      new Response(
        new ReadableStream({
          pull: (controller) => controller.enqueue(new Uint8Array(1_024)),
          cancel: () => {
            cancelled = true;
            throw new Error("a cancel that fails is nobody's concern");
          },
        }),
      );
    expect((await read(endless, "HEAD"))[0]).toBe("");
    expect(cancelled).toBe(true);
  });

  test("fault 182: an origin that breaks off is cut off here too, and logged", async () => {
    const origin = createServer((_, response) => {
      response.writeHead(200, { "content-length": "10" }).write("abc", () => response.destroy());
    });
    origins.push(origin);
    await new Promise<void>((resolve) => origin.listen(0, "127.0.0.1", resolve));
    const { port } = origin.address() as AddressInfo;
    const { answer, errors } = await answerOf(fromFetch(() => fetch(`http://127.0.0.1:${port}/`)));
    expect(answer).not.toMatch(/\r\n0\r\n\r\n$/);
    expect(errors).toHaveLength(1);
  });

  test("fault 182: a client that left is no mismatch", async () => {
    const logger = new KeptLog();
    let ended!: () => void;
    const end = new Promise<void>((resolve) => {
      ended = resolve;
    });
    const application: Application = async (scope, receive, send) => {
      if (scope.type !== "http") throw new TypeError("http only");
      await send({ type: "http.response.start", status: 200, headers: five });
      await send({ type: "http.response.body", body: Buffer.from("a"), moreBody: true });
      while ((await receive()).type !== "http.disconnect");
      await send({ type: "http.response.body" });
      ended();
    };
    await using server = await serve(application, { port: 0, logger });
    const socket = await dial(portOf(server));
    socket.once("data", () => socket.destroy());
    socket.write(last);
    await end;
    expect(logger.of("error")).toEqual([]);
  });
});
