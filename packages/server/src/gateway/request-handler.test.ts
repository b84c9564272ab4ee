import { createServer } from "node:http";
import { duplexPair } from "node:stream";
import { text } from "node:stream/consumers";
import type { Application } from "@ws/events";
import { expect, test } from "vitest";
import { resolveOptions } from "../options/resolve-options.js";
import { exchange, KeptLog, portOf } from "../raw.fixture.js";
import { serve } from "../serve.js";
import { Context } from "./context.js";
import { RequestHandler } from "./request-handler.js";

const get = "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

/** An application that answers, after it has done something with a send that is out of order. */
function answering(onFailed: (sending: Promise<void>) => Promise<void>): Application {
  return async (scope, _receive, send) => {
    if (scope.type !== "http") throw new TypeError(`expected an http scope, got ${scope.type}`);
    await onFailed(send({ type: "http.response.body" }));
    await send({ type: "http.response.start", status: 200 });
    await send({ type: "http.response.body", body: Buffer.from("answer") });
  };
}

test("a request over a duplex in memory, which has no time-out of a socket, is answered", async () => {
  const logger = new KeptLog();
  const application = answering((sending) => sending.catch(() => {}));
  const requests = new RequestHandler(new Context(application, resolveOptions({ logger }), {}));
  const httpServer = createServer((request, response) => requests.take(request, response));
  const [client, socket] = duplexPair();
  httpServer.emit("connection", socket);
  client.write(get);
  expect(await text(client)).toMatch(/^HTTP\/1\.1 200 [\s\S]*answer$/);
  await requests.empty();
  expect(logger.of("error")).toEqual([]);
});

test("a send that fails and is awaited later in the same turn is the application's own matter", async () => {
  const logger = new KeptLog();
  const caught: unknown[] = [];
  const application = answering(async (sending) => {
    // By the next tick the send has failed, and nobody has listened to it.
    await new Promise<void>((resolve) => process.nextTick(resolve));
    await sending.catch((error) => caught.push(error.code));
    await new Promise((resolve) => setImmediate(resolve));
  });
  await using server = await serve(application, { port: 0, logger });
  expect(await exchange(portOf(server), get)).toMatch(/^HTTP\/1\.1 200 [\s\S]*answer$/);
  expect(caught).toEqual(["ERR_WS_EVENT_ORDER"]);
  expect(logger.of("error")).toEqual([]);
});
