import { once } from "node:events";
import { createServer } from "node:http";
import type { Application } from "@ws/events";
import { expect, test } from "vitest";
import { attach } from "../../attach.js";
import { serve } from "../../serve.js";

const middleware = (application: unknown) => async (): Promise<unknown> => application;
const later = async (application: unknown) => middleware(application);

test.each([
  [middleware, "got a function that gives another function. Likely mistake: a middleware was given"],
  [later, "got a function that gives another function"],
  [undefined, "got undefined. Likely mistake: the application is missing, as in serve(application)"],
  [{ resolve: () => undefined }, "a router is no application; websockets(router)() makes one of it"],
  [Promise.resolve(async () => {}), "got a promise. Likely mistake: an await is missing before it"],
])("fault 204: serve of what is no application starts nothing, and says why (%#)", async (given, text) => {
  const serving = serve(given as unknown as Application, { port: 0 });
  await expect(serving).rejects.toMatchObject({ code: "ERR_WS_NOT_AN_APPLICATION" });
  await expect(serving).rejects.toThrow(/^serve: expected an application/);
  await expect(serving).rejects.toThrow(text);
});

test("fault 204: attach of a middleware throws at once, and leaves the server as it was", async () => {
  const server = createServer();
  expect(() => attach(server, middleware as unknown as Application)).toThrow(
    /^attach: expected an application.* attach\(websockets\(routes\)\(application\)\)/,
  );
  expect(() => attach(server, undefined as unknown as Application)).toThrow(
    /^attach: expected an application/,
  );
  expect(server.listenerCount("upgrade")).toBe(0);
});

test("fault 204: attach of an asynchronous middleware is never ready, and says why", async () => {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  await using attached = attach(server, later as unknown as Application);
  await expect(attached.ready).rejects.toThrow(/^attach: expected an application/);
  server.close();
});

test("fault 204: an application that throws at once, or gives no promise, is still one", async () => {
  const throwing: Application = () => {
    throw new Error("no lifespan");
  };
  await using _one = await serve(throwing, { port: 0 });
  await using _two = await serve((() => undefined) as unknown as Application, { port: 0 });
  expect([_one.connections, _two.connections]).toEqual([0, 0]);
});
