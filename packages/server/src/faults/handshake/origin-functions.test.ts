import type { OriginTest, WebSocketScope } from "@ws/events";
import { expect, test } from "vitest";
import { dial, handshake, KeptLog, portOf, readUntil } from "../../raw.fixture.js";
import { ask, Noting, withLines } from "../handshake.fixture.js";

const page = withLines("Origin: https://good.com");

test("fault 179: a function says whose pages may connect, at once or later, by origin and scope", async () => {
  for (const isLater of [false, true]) {
    const noting = new Noting();
    const asked: (readonly [string, WebSocketScope])[] = [];
    const isGood: OriginTest = (origin, scope) => {
      asked.push([origin, scope]);
      const answer = origin === "https://good.com" && scope.path === "/chat";
      return isLater ? Promise.resolve(answer) : answer;
    };
    await using server = await noting.start({ allowedOrigins: isGood });
    const at = (target: string, origin: string): string => handshake(target, [`Origin: ${origin}`]);
    expect((await ask(server, at("/chat", "https://good.com"))).status).toBe(101);
    for (const request of [at("/", "https://good.com"), at("/chat", "https://evil.com")]) {
      expect(await ask(server, request)).toMatchObject({ status: 403, body: "" });
    }
    expect((await ask(server, handshake("/"))).status).toBe(101);
    expect(noting.paths).toEqual(["/chat", "/"]);
    expect(asked.map(([origin]) => origin)).toEqual([
      "https://good.com",
      "https://good.com",
      "https://evil.com",
    ]);
    expect(asked[0]?.[1]).toBe(noting.scopes[0]);
  }
});

test("fault 179: a function that throws or rejects lets nobody in, and is logged", async () => {
  const error = new Error("no database");
  for (const fails of [
    () => {
      throw error;
    },
    () => Promise.reject(error),
  ]) {
    const noting = new Noting();
    const logger = new KeptLog();
    await using server = await noting.start({ allowedOrigins: fails, logger });
    expect(await ask(server, page)).toMatchObject({ status: 403, body: "" });
    expect(noting.scopes).toEqual([]);
    const fields = { id: expect.stringMatching(/./), path: expect.stringMatching(/^\//), error };
    expect(logger.lines).toContainEqual({ level: "error", message: "allowedOrigins failed", fields });
    expect(logger.lines).toContainEqual(expect.objectContaining({ message: "handshake refused" }));
  }
});

test("fault 179: only true lets a page in, whatever else a function gives", async () => {
  const noting = new Noting();
  for (const answer of [undefined, "yes", 1, {}, null]) {
    for (const given of [answer, Promise.resolve(answer)]) {
      await using server = await noting.start({ allowedOrigins: () => given as boolean });
      expect((await ask(server, page)).status).toBe(403);
    }
  }
  expect(noting.scopes).toEqual([]);
});

test("fault 179: a promise of another library's is waited for as any other", async () => {
  const noting = new Noting();
  // biome-ignore lint/suspicious/noThenProperty: this is what such a promise has.
  const thenable = (answer: boolean) => ({ then: (resolve: (value: boolean) => void) => resolve(answer) });
  const allowedOrigins = ((origin: string) =>
    thenable(origin === "https://good.com")) as unknown as OriginTest;
  await using server = await noting.start({ allowedOrigins });
  expect((await ask(server, page)).status).toBe(101);
  expect((await ask(server, withLines("Origin: https://evil.com"))).status).toBe(403);
});

test("fault 179: a function that never answers gets its client 503 at acceptTimeout, and holds no shutdown up", async () => {
  const noting = new Noting();
  const server = await noting.start({ allowedOrigins: () => new Promise(() => {}), acceptTimeout: 30 });
  expect((await ask(server, page)).status).toBe(503);
  // The grace is longer than a test may take.
  await server.close({ grace: 600_000 });
  expect(noting.scopes).toEqual([]);
});

test("fault 179: a client that leaves while a function is asked never reaches the application", async () => {
  const noting = new Noting();
  let isAsked!: () => void;
  let answer!: (isAllowed: boolean) => void;
  const asked = new Promise<void>((resolve) => {
    isAsked = resolve;
  });
  const allowedOrigins: OriginTest = () => {
    isAsked();
    return new Promise((resolve) => {
      answer = resolve;
    });
  };
  const server = await noting.start({ allowedOrigins });
  const socket = await dial(portOf(server));
  socket.write(page);
  await asked;
  // The server's answer to the end of the stream shows that it has seen it.
  socket.end();
  await expect(readUntil(socket, "HTTP")).rejects.toThrow("got the end");
  answer(true);
  await server.close();
  expect(noting.scopes).toEqual([]);
});

test("fault 179: origins as people have them: file://, null, a wildcard, a port", async () => {
  const noting = new Noting();
  const allowedOrigins = ["file://", "https://*.example.com", "http://localhost:5173", "null"];
  await using server = await noting.start({ allowedOrigins });
  for (const origin of ["file://", "null", "https://a.example.com", "http://localhost:5173"]) {
    expect((await ask(server, withLines(`Origin: ${origin}`))).status, origin).toBe(101);
  }
  for (const origin of [
    "https://example.com",
    "https://aexample.com",
    "https://evil.com/.example.com",
    "http://a.example.com",
    "http://localhost:5174",
    "file:///etc",
  ]) {
    expect((await ask(server, withLines(`Origin: ${origin}`))).status, origin).toBe(403);
  }
});

test("fault 179: a RegExp, or another wrong type, is refused at the start with the forms that there are", async () => {
  const noting = new Noting();
  for (const allowedOrigins of [/good/, [/good/], 7, "https://good.com", [() => true], null, {}]) {
    await expect(noting.start({ allowedOrigins: allowedOrigins as string[] })).rejects.toThrow(
      /^allowed origins: expected "\*", a function \(origin, scope\) .* "https:\/\/\*\.example\.com", "file:\/\/"/,
    );
  }
});
