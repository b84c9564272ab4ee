import { describe, expect, test } from "vitest";
import { compareWithNode } from "./plain-handshake.fixture.js";
import { readPlainHandshake } from "./plain-handshake.js";

const needed = [
  "Host: localhost",
  "Connection: Upgrade",
  "Upgrade: websocket",
  "Sec-WebSocket-Version: 13",
  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
] as const;

function headOf(lines: readonly string[], start = "GET /chat?room=1 HTTP/1.1"): string {
  return [start, ...lines, "", ""].join("\r\n");
}

function read(text: string): ReturnType<typeof readPlainHandshake> {
  return readPlainHandshake(Buffer.from(text, "latin1"));
}

const head = headOf(needed);

test("a head is read as it came: the case of names, the order of lines and those that come twice", () => {
  const lines = ["hOST: localhost", ...needed.slice(1), "Cookie: a=1; b = 2", "X-Empty:", "cookie:c"];
  expect(read(headOf(lines))).toEqual({
    url: "/chat?room=1",
    rawHeaders: [
      ["hOST", "localhost"],
      ["Connection", "Upgrade"],
      ["Upgrade", "websocket"],
      ["Sec-WebSocket-Version", "13"],
      ["Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="],
      ["Cookie", "a=1; b = 2"],
      ["X-Empty", ""],
      ["cookie", "c"],
    ].flat(),
    length: headOf(lines).length,
  });
});

test("what comes behind the head is none of it", () => {
  for (const behind of ["\x81\x80abcd", "\r\n", "GET / HTTP/1.1\r\n\r\n", "\0"]) {
    expect(read(`${head}${behind}`)).toEqual({ ...read(head), length: head.length });
  }
});

test("what browsers and proxies send is read, in any case", () => {
  for (const connection of ["upgrade", "Upgrade", "keep-alive, Upgrade", "keep-alive,upgrade"]) {
    const lines = [`Connection: ${connection}`, "Upgrade: WebSocket"];
    expect(read(headOf([...lines, ...needed.filter((line) => !/^(?:Conn|Upg)/.test(line))]))).toBeDefined();
  }
});

test("a head that is not whole is left to Node, wherever it ends", () => {
  for (let length = 0; length < head.length; length += 1) expect(read(head.slice(0, length))).toBeUndefined();
});

test("a head without one of the lines that a handshake has, or with one of them twice, is left to Node", () => {
  for (const line of needed) {
    expect(read(headOf(needed.filter((each) => each !== line)))).toBeUndefined();
    expect(read(headOf([...needed, line]))).toBeUndefined();
    expect(read(headOf([...needed, line.toLowerCase()]))).toBeUndefined();
  }
});

test("a name is a token, a target visible ASCII, and a value that and spaces: any other byte is left to Node", () => {
  for (let byte = 0; byte < 256; byte += 1) {
    const character = String.fromCharCode(byte);
    const isVisible = /[!-~]/.test(character);
    expect(read(headOf([...needed, `X${character}Y: z`])) !== undefined).toBe(
      /[!#$%&'*+.^_`|~\w:-]/.test(character),
    );
    expect(read(headOf([...needed, `X: y${character}z`])) !== undefined).toBe(isVisible || byte === 0x20);
    expect(read(headOf(needed, `GET /a${character}b HTTP/1.1`)) !== undefined).toBe(isVisible);
  }
});

describe("is left to Node", () => {
  test.each([
    "POST / HTTP/1.1",
    "get / HTTP/1.1",
    "GET / HTTP/1.0",
    "GET / HTTP/1.1 ",
    "GET  / HTTP/1.1",
    "GET /  HTTP/1.1",
    "GET /a b HTTP/1.1",
    "GET * HTTP/1.1",
    "GET http://localhost/ HTTP/1.1",
    "GET /\x80 HTTP/1.1",
    "GET /\x7f HTTP/1.1",
    "GET /\0 HTTP/1.1",
    "\r\nGET / HTTP/1.1",
  ])("a request that begins with %j", (start) => {
    expect(read(headOf(needed, start))).toBeUndefined();
  });

  test.each([
    "Content-Length: 0",
    "content-length: 5",
    "Transfer-Encoding: chunked",
    "TE: trailers",
    "Trailer: X",
    "Expect: 100-continue",
    "Keep-Alive: timeout=5",
    "Proxy-Connection: upgrade",
    " folded",
    "\tfolded",
    "X",
    ":",
    ": x",
    "X : y",
    "X\x80: y",
    "X:  y",
    "X: y ",
    "X: ",
    "X: y\t",
    "X:\ty",
    "X: a\tb",
    "X: \x80",
    "X: a\0b",
    "X: a\x7fb",
    "X: a\rb",
    "X: a\nb",
    "X: a\r\rb",
  ])("a head with the line %j", (line) => {
    expect(read(headOf([...needed, line]))).toBeUndefined();
    expect(read(headOf([line, ...needed]))).toBeUndefined();
  });

  test.each([
    ["Upgrade: websocket", "Upgrade: websocket, h2c"],
    ["Upgrade: websocket", "Upgrade: h2c"],
    ["Connection: Upgrade", "Connection: close, Upgrade"],
    ["Connection: Upgrade", "Connection: keep-alive"],
    ["Sec-WebSocket-Version: 13", "Sec-WebSocket-Version: 8"],
    ["Sec-WebSocket-Version: 13", "Sec-WebSocket-Version: 13, 8"],
  ])("a head with other than %j: %j", (line, other) => {
    expect(read(headOf(needed.map((each) => (each === line ? other : each))))).toBeUndefined();
  });

  test("a head that ends its lines, or itself, in another way", () => {
    for (const ends of ["\n", "\r", "\r\r\n", "\n\r"]) {
      expect(read(head.replaceAll("\r\n", ends))).toBeUndefined();
      expect(read(head.replace("\r\n", ends))).toBeUndefined();
      expect(read(head.replace(/\r\n\r\n$/, `\r\n${ends}`))).toBeUndefined();
    }
  });

  test("a head above 8 KiB or 100 lines, and none of just so much", () => {
    const long = (length: number): string => headOf([...needed, `X: ${"a".repeat(length)}`]);
    const most = 8_192 - long(0).length;
    expect(read(`${long(most)}behind`)).toBeDefined();
    expect(read(`${long(most + 1)}behind`)).toBeUndefined();
    const many = (count: number): string => headOf([...needed, ...new Array<string>(count).fill("X: y")]);
    expect(read(many(100 - needed.length))).toBeDefined();
    expect(read(many(101 - needed.length))).toBeUndefined();
  });
});

test("what is read, Node's parser takes for an upgrade as well, and sees the same in it: 5,000 heads", async () => {
  const { taken, left, other } = await compareWithNode(5_000);
  expect(taken + left + other).toBe(5_000);
  expect(Math.min(taken, left, other)).toBeGreaterThan(500);
});
