import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { describe, expect, test } from "vitest";
import { attach } from "../attach.js";
import { dial, echo, exchange, handshake, portOf, readUntil, webSocket } from "../raw.fixture.js";
import { serve } from "../serve.js";

/** An application that answers when it is told to, and tells when it was called. */
function waiting(): { application: ReturnType<typeof webSocket>; called: Promise<void>; answer: () => void } {
  let called!: () => void;
  let answer!: () => void;
  const isCalled = new Promise<void>((resolve) => {
    called = resolve;
  });
  const mayAnswer = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const application = webSocket(async (_scope, receive, send) => {
    await receive();
    called();
    await mayAnswer;
    await send({ type: "websocket.accept" });
    while ((await receive()).type !== "websocket.disconnect");
  });
  return { application, called: isCalled, answer };
}

describe("who cannot come in", () => {
  test("an origin that is not allowed gets 403", async () => {
    await using server = await serve(waiting().application, { port: 0 });
    expect(await exchange(portOf(server), handshake("/", ["Origin: https://evil.example"]))).toMatch(
      /^HTTP\/1\.1 403 /,
    );
  });

  test("one more than maxPendingHandshakes gets 503 with Retry-After", async () => {
    const { application, called, answer } = waiting();
    await using server = await serve(application, { port: 0, maxPendingHandshakes: 1 });
    const first = await dial(portOf(server));
    first.write(handshake());
    await called;
    expect(await exchange(portOf(server), handshake())).toMatch(/^HTTP\/1\.1 503 [\s\S]*retry-after: 1\r\n/);
    answer();
    await readUntil(first, "101");
    first.destroy();
  });

  test("one more than maxConnections gets 503 with Retry-After, pending ones counted", async () => {
    const { application, called, answer } = waiting();
    await using server = await serve(application, { port: 0, maxConnections: 1 });
    const first = await dial(portOf(server));
    first.write(handshake());
    await called;
    expect(await exchange(portOf(server), handshake())).toMatch(/^HTTP\/1\.1 503 [\s\S]*retry-after: 1\r\n/);
    answer();
    await readUntil(first, "101");
    expect(await exchange(portOf(server), handshake())).toMatch(/^HTTP\/1\.1 503 /);
    first.destroy();
  });
});

describe("who was refused and does not go", () => {
  test("is cut off when the server's grace is over", async () => {
    const server = await serve(waiting().application, { port: 0, closeTimeout: 60_000 });
    const socket = connect({ port: portOf(server), host: "127.0.0.1", allowHalfOpen: true });
    socket.on("error", () => {});
    socket.write(handshake("//"));
    expect(await readUntil(socket, "\r\n\r\n")).toMatch(/^HTTP\/1\.1 400 /);
    const closed = once(socket.resume(), "close");
    await server.close({ grace: 20 });
    socket.end();
    await closed;
  });
});

describe("a handshake that is given to a second server too", () => {
  test("is left to the first, whose application has it, where nobody of the second wants it", async () => {
    const [first, second] = [createServer(), createServer()];
    await using mine = attach(first, echo, { paths: ["/mine"] });
    await using other = attach(second, echo, { paths: ["/other"] });
    await Promise.all([mine.ready, other.ready]);
    first.on("upgrade", (...upgrade) => second.emit("upgrade", ...upgrade));
    first.listen(0, "127.0.0.1");
    await once(first, "listening");
    const { port } = first.address() as AddressInfo;
    const socket = await dial(port);
    socket.write(handshake("/mine"));
    await readUntil(socket, "101");
    // A text of one byte, and its echo.
    socket.write(Buffer.of(0x81, 0x81, 0, 0, 0, 0, 0x61));
    expect(await readUntil(socket, "a")).toBe("\x81\x01a");
    socket.destroy();
    first.close();
  });
});
