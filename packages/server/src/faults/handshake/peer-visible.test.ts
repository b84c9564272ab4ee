import { expect, test } from "vitest";
import { exchange, handshake, portOf, webSocket } from "../../raw.fixture.js";
import { serve } from "../../serve.js";

/** Header names that an answer may have; none of them says what answers, or in which version. */
const known = new Set([
  "connection",
  "content-length",
  "date",
  "upgrade",
  "allow",
  "retry-after",
  "sec-websocket-accept",
  "sec-websocket-version",
]);

/** Throws as its path says, with what no peer may see. */
const failing = webSocket(async ({ path }, receive, send) => {
  if (path === "/before") throw new Error(`secret at ${import.meta.url}`);
  await receive();
  if (path === "/denying") await send({ type: "websocket.http.response.start", status: 401 });
  else await send({ type: "websocket.accept" });
  throw new Error(`secret at ${import.meta.url}`);
});

const good = handshake();
const requests: readonly (readonly [status: number, request: string])[] = [
  [500, handshake("/before")],
  [101, handshake("/after")],
  [401, handshake("/denying")],
  [500, "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"],
  [400, good.replace("Host: localhost\r\n", "")],
  [400, good.replace("HTTP/1.1", "HTTP/1.0")],
  [400, good.replace("Key: dGhl", "Key: ")],
  [400, handshake("/%ff")],
  [400, "secret\r\n\r\n"],
  [400, handshake("/", ["Content-Length: 5"])],
  [403, handshake("/", ["Origin: https://evil.example"])],
  [405, good.replace("GET", "POST")],
  [414, handshake(`/${"x".repeat(9_000)}`)],
  [426, good.replace("Version: 13", "Version: 8")],
  [431, handshake("/", new Array<string>(130).fill("X-A: 1"))],
  [431, handshake("/", [`X-A: ${"x".repeat(20_000)}`])],
];

test("fault 171: no answer names the software, its version, a path or a stack, and none has a body", async () => {
  await using server = await serve(failing, { port: 0, closeTimeout: 20 });
  for (const [status, request] of requests) {
    const answer = await exchange(portOf(server), request);
    expect([request.slice(0, 40), /^HTTP\/1\.1 (\d+) /.exec(answer)?.[1]]).toEqual([
      request.slice(0, 40),
      String(status),
    ]);
    const [head = "", body = ""] = answer.split("\r\n\r\n");
    const names = head
      .split("\r\n")
      .slice(1)
      .map((line) => line.split(":", 1).join("").toLowerCase());
    expect(names.filter((name) => !known.has(name))).toEqual([]);
    // After 101 comes a close frame of the code 1011 alone.
    expect(body).toBe(status === 101 ? "\u0088\u0002\u0003\u00f3" : "");
    expect(answer).not.toMatch(/secret|file:|\.ts|\bat \w/);
  }
});
