import { once } from "node:events";
import { connect } from "node:net";
import fc from "fast-check";
import { expect, test } from "vitest";
import { exchange, handshake, KeptLog, portOf, webSocket } from "../../raw.fixture.js";
import { serve } from "../../serve.js";
import { readAnswer } from "../handshake.fixture.js";

/** What may be wrong with a line, or with a place in one. */
const fragment = fc.constantFrom(
  "\0",
  "\r",
  "\n",
  "\r\n",
  "\r\n\r\n",
  " ",
  "\t",
  ":",
  ",",
  ";",
  "%",
  "%00",
  "..",
  "//",
  "\\",
  "\xff",
  "\x85",
  "?",
  "#",
  "a".repeat(9_000),
  "HTTP/1.0",
  "POST",
  "CONNECT",
  "*",
  "13, 8",
  "h2c",
  "null",
  "chunked",
  "5",
  "-1",
  "__proto__",
);
const line = fc.constantFrom(
  "Host: evil",
  "Origin: http://evil",
  "Origin: null",
  "Content-Length: 5",
  "Transfer-Encoding: chunked",
  "Upgrade: h2c",
  "Connection: close",
  "Connection: keep-alive",
  "Expect: 100-continue",
  "Sec-WebSocket-Protocol: a,,b",
  "Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=0",
  "Sec-WebSocket-Version: 8",
  "Sec-WebSocket-Key: x",
  "X: \x80",
  " folded",
  "__proto__: x",
  ":",
  "",
);

type Edit = (request: string) => string;

/** Cuts a text at a share of its length. */
const at = (text: string, share: number): number => Math.floor(share * text.length);
const share = fc.double({ min: 0, max: 1, noNaN: true });

const edit: fc.Arbitrary<Edit> = fc.oneof(
  fc.tuple(share, fragment).map(
    ([where, by]): Edit =>
      (text) => {
        const index = at(text, where);
        return text.slice(0, index) + by + text.slice(index);
      },
  ),
  fc.tuple(share, share).map(
    ([from, length]): Edit =>
      (text) => {
        const index = at(text, from);
        return text.slice(0, index) + text.slice(index + 1 + at("x".repeat(20), length));
      },
  ),
  share.map(
    (where): Edit =>
      (text) =>
        text.slice(0, at(text, where)),
  ),
  fc.tuple(share, fc.integer({ min: 0, max: 255 })).map(
    ([where, byte]): Edit =>
      (text) => {
        const index = at(text, where);
        return text.slice(0, index) + String.fromCharCode(byte) + text.slice(index + 1);
      },
  ),
  fc.tuple(share, line).map(
    ([where, added]): Edit =>
      (text) => {
        const lines = text.split("\r\n");
        return lines.toSpliced(1 + at("x".repeat(lines.length - 1), where), 0, added).join("\r\n");
      },
  ),
  share.map(
    (where): Edit =>
      (text) => {
        const lines = text.split("\r\n");
        return lines.toSpliced(at("x".repeat(lines.length), where), 1).join("\r\n");
      },
  ),
  share.map(
    (where): Edit =>
      (text) => {
        const lines = text.split("\r\n");
        const index = at("x".repeat(lines.length), where);
        return lines.toSpliced(index, 0, lines[index] ?? "").join("\r\n");
      },
  ),
  fc.string({ unit: "binary", maxLength: 40 }).map(
    (tail): Edit =>
      (text) =>
        text + tail,
  ),
);

/** A handshake with some mistakes in it. */
const nearHandshake = fc
  .array(edit, { minLength: 1, maxLength: 4 })
  .map((edits) =>
    edits.reduce((text, change) => change(text), handshake("/chat?x=1", ["Origin: http://localhost"])),
  );

/** Writes it and leaves the rest to the server; gives what came until the server closed. */
async function provoke(port: number, request: string): Promise<string> {
  const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
  let answer = "";
  socket.on("error", () => {});
  socket.on("data", (chunk: Buffer) => {
    answer += chunk.toString("latin1");
  });
  socket.write(request, "latin1");
  await Promise.race([once(socket, "end").catch(() => {}), once(socket, "close")]);
  socket.destroy();
  return answer;
}

test("whatever handshake comes, it is answered or closed within the deadlines, and the next one works", async () => {
  const logger = new KeptLog();
  const application = webSocket(async (_scope, receive, send) => {
    await receive();
    await send({ type: "websocket.accept" });
  });
  const deadlines = { headersTimeout: 60, acceptTimeout: 60, closeTimeout: 30 };
  await using server = await serve(application, { port: 0, logger, ...deadlines });
  const port = portOf(server);
  const statuses = new Set<number>();
  let longest = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(nearHandshake, { minLength: 20, maxLength: 20 }), async (requests) => {
      const answers = await Promise.all(
        requests.map(async (request) => {
          const start = performance.now();
          const answer = await provoke(port, request);
          longest = Math.max(longest, performance.now() - start);
          return answer;
        }),
      );
      for (const answer of answers) {
        if (answer === "") continue;
        expect(answer).toMatch(/^HTTP\/1\.1 \d{3} /);
        statuses.add(readAnswer(answer).status);
      }
      expect(readAnswer(await exchange(port, handshake())).status).toBe(101);
      expect(server.connections).toBe(0);
    }),
    { numRuns: 12, endOnFailure: true },
  );
  // Far below any deadline that is not one of ours; the machine may be slow.
  expect(longest).toBeLessThan(8_000);
  expect([...statuses]).toEqual(expect.arrayContaining([101, 400]));
  // An HTTP request that became of it is refused by this application; nothing else may fail.
  for (const message of logger.of("error")) expect(message).toBe("the application failed");
});
