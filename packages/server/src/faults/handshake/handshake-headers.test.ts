import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { attach } from "../../attach.js";
import { echo, exchange, handshake } from "../../raw.fixture.js";
import { ask, changed, Noting, readAnswer, withLines } from "../handshake.fixture.js";

/** How long this process has worked, in ms: what it costs to read something, on a busy machine too. */
function worked(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

const key = "dGhlIHNhbXBsZSBub25jZQ==";
const keyLine = `Sec-WebSocket-Key: ${key}\r\n`;
const versionLine = "Sec-WebSocket-Version: 13\r\n";
const hostLine = "Host: localhost\r\n";

test("fault 3: a handshake without a key gets 400", async () => {
  const noting = new Noting();
  await using server = await noting.start();
  expect((await ask(server, changed(keyLine, ""))).status).toBe(400);
  expect(noting.scopes).toEqual([]);
});

test("fault 4: two keys, on two lines or on one, get 400", async () => {
  const noting = new Noting();
  await using server = await noting.start();
  expect((await ask(server, changed(keyLine, keyLine + keyLine))).status).toBe(400);
  expect((await ask(server, changed(key, `${key}, ${key}`))).status).toBe(400);
  expect(noting.scopes).toEqual([]);
});

test("fault 5: a key of 15 bytes, of 17 or of none gets 400", async () => {
  const noting = new Noting();
  await using server = await noting.start();
  for (const size of [0, 15, 17]) {
    expect((await ask(server, changed(key, Buffer.alloc(size).toString("base64")))).status).toBe(400);
  }
  expect(noting.scopes).toEqual([]);
});

test("fault 6: a key whose last base64 digit is not canonical is accepted, and hashed as it came", async () => {
  const noting = new Noting();
  await using server = await noting.start();
  const odd = "dGhlIHNhbXBsZSBub25jZR==";
  const answer = await ask(server, changed(key, odd));
  expect(answer.status).toBe(101);
  expect(answer.headers.get("sec-websocket-accept")).toBe(
    createHash("sha1").update(`${odd}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64"),
  );
});

test("fault 7: no version, or another one, gets 426 with the one that is spoken", async () => {
  const noting = new Noting();
  await using server = await noting.start();
  for (const by of ["", "Sec-WebSocket-Version: 12\r\n", "Sec-WebSocket-Version: 14\r\n"]) {
    const answer = await ask(server, changed(versionLine, by));
    expect(answer.status).toBe(426);
    expect(answer.headers.get("sec-websocket-version")).toBe("13");
    expect(answer.headers.get("upgrade")).toBe("websocket");
  }
  expect(noting.scopes).toEqual([]);
});

test("fault 8: version 8 gets 426, whatever its Sec-WebSocket-Origin says", async () => {
  const noting = new Noting();
  await using server = await noting.start();
  const lines = "Sec-WebSocket-Version: 8\r\nSec-WebSocket-Origin: http://localhost\r\n";
  expect((await ask(server, changed(versionLine, lines))).status).toBe(426);
  expect(noting.scopes).toEqual([]);
});

test("fault 9: a version that only reads like 13 gets 426", async () => {
  const noting = new Noting();
  await using server = await noting.start();
  for (const version of ["13.0", "0x0d", "013", "+13", "13, 8", "1e1", "13;"]) {
    expect((await ask(server, changed("Version: 13", `Version: ${version}`))).status).toBe(426);
  }
  expect(noting.scopes).toEqual([]);
});

test("fault 10: an upgrade to one of two things, or to what only resembles a WebSocket, gets 426 and is closed", async () => {
  const noting = new Noting();
  await using server = await noting.start();
  for (const upgrade of [
    "websocket, h2c",
    "h2c, websocket",
    "websocket/13",
    "websocket\xa0",
    "websocket\r\nUpgrade: h2c",
  ]) {
    const answer = await ask(server, changed("Upgrade: websocket", `Upgrade: ${upgrade}`));
    expect(answer.status).toBe(426);
    expect(answer.headers.get("upgrade")).toBe("websocket");
  }
  expect(noting.scopes).toEqual([]);
});

test("fault 10: an upgrade that none of two attached applications wants is answered and closed", async () => {
  const httpServer = createServer().listen(0, "127.0.0.1");
  await once(httpServer, "listening");
  const { port } = httpServer.address() as AddressInfo;
  await using one = attach(httpServer, echo, { paths: ["/one"], closeTimeout: 50 });
  await using two = attach(httpServer, new Noting().application, { paths: ["/two"], closeTimeout: 50 });
  await Promise.all([one.ready, two.ready]);
  expect(readAnswer(await exchange(port, handshake("/three")))).toMatchObject({ status: 404, responses: 1 });
  expect(readAnswer(await exchange(port, handshake("/two")))).toMatchObject({ status: 101, responses: 1 });
  httpServer.close();
});

test("fault 11: a handshake without Connection: Upgrade is no request for the application, but gets 426", async () => {
  const noting = new Noting();
  await using server = await noting.start();
  const answer = await ask(server, changed("Connection: Upgrade", "Connection: keep-alive"));
  expect(answer.status).toBe(426);
  expect(answer.headers.get("upgrade")).toBe("websocket");
  expect(noting.scopes).toEqual([]);
});

test("fault 12: a handshake without Host gets 400", async () => {
  const noting = new Noting();
  await using server = await noting.start();
  expect((await ask(server, changed(hostLine, ""))).status).toBe(400);
  expect((await ask(server, changed(hostLine, "Host:\r\n"))).status).toBe(400);
  expect(noting.scopes).toEqual([]);
});

test("fault 12: a Host of which no URL can be made gets 400", async () => {
  const noting = new Noting();
  await using server = await noting.start();
  for (const host of ["256.1.1.1", "[::1::2]", "a/b", "user@a", "a:99999", "a b"]) {
    expect((await ask(server, changed("localhost", host))).status).toBe(400);
  }
  expect(noting.scopes).toEqual([]);
});

test("fault 13: two Host lines get 400, even two that are the same", async () => {
  const noting = new Noting();
  await using server = await noting.start();
  expect((await ask(server, changed(hostLine, hostLine + hostLine))).status).toBe(400);
  expect((await ask(server, changed(hostLine, `${hostLine}Host: evil\r\n`))).status).toBe(400);
  expect(noting.scopes).toEqual([]);
});

test("fault 41: a header named __proto__ is a header, and no prototype is changed", async () => {
  const noting = new Noting();
  await using server = await noting.start();
  await ask(server, withLines("__proto__: x", "constructor: y"));
  expect(noting.scopes[0]?.headers).toContainEqual(["__proto__", "x"]);
  expect(noting.scopes[0]?.headers).toContainEqual(["constructor", "y"]);
  expect("x" in {}).toBe(false);
});

test("fault 43: a list of subprotocols with a repetition, a gap or a quote gets 400, in linear time", async () => {
  const noting = new Noting();
  await using server = await noting.start({ maxHeaders: 128 });
  const lists = [
    "a, a",
    "a,,b",
    "a,",
    "",
    '"b"',
    "a b",
    "a\xa0",
    `"b"${" ".repeat(15_000)}x`,
    ",".repeat(15_000),
  ];
  const start = worked();
  for (const list of lists) {
    expect((await ask(server, withLines(`Sec-WebSocket-Protocol: ${list}`))).status).toBe(400);
  }
  expect(worked() - start).toBeLessThan(1_000);
  expect(noting.scopes).toEqual([]);
});

const extensions = [
  ";".repeat(15_000),
  "a;;b",
  "=",
  '"',
  "permessage-deflate; x=\xff",
  `a${" ".repeat(15_000)}b`,
];

test("fault 44: garbage among the extensions is of no account while deflate is off", async () => {
  const noting = new Noting();
  await using server = await noting.start();
  for (const offer of extensions) {
    const answer = await ask(server, withLines(`Sec-WebSocket-Extensions: ${offer}`));
    expect(answer.status).toBe(101);
    expect(answer.headers.has("sec-websocket-extensions")).toBe(false);
  }
});

test("fault 44: garbage among the extensions is declined with deflate on, in linear time", async () => {
  await using server = await new Noting().start({ perMessageDeflate: true });
  const start = worked();
  for (const offer of extensions) {
    const answer = await ask(server, withLines(`Sec-WebSocket-Extensions: ${offer}`));
    expect(answer.status).toBe(101);
    expect(answer.headers.has("sec-websocket-extensions")).toBe(false);
  }
  expect(worked() - start).toBeLessThan(1_000);
});

test("fault 49: a control character in a header value gets 400", async () => {
  const noting = new Noting();
  await using server = await noting.start();
  for (const byte of ["\0", "\x01", "\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x7f"]) {
    expect((await ask(server, withLines(`X-A: a${byte}b`))).status).toBe(400);
  }
  expect(noting.scopes).toEqual([]);
});

test("fault 49: 0x85 and 0xa0, bytes of UTF-8 letters, come through and separate nothing", async () => {
  const noting = new Noting();
  await using server = await noting.start();
  await ask(server, withLines("X-A: a\x85b\xa0"));
  expect(noting.scopes[0]?.headers.filter(([name]) => name.startsWith("x-"))).toEqual([
    ["x-a", "a\x85b\xa0"],
  ]);
  expect((await ask(server, withLines("Origin: http://localhost\x85"))).status).toBe(403);
  expect((await ask(server, withLines("Sec-WebSocket-Protocol: a\x85"))).status).toBe(400);
});
