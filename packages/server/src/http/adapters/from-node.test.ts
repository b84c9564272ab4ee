import type { HttpScope, Scope } from "@ws/events";
import { expect, test } from "vitest";
import { exchange, KeptLog, portOf } from "../../raw.fixture.js";
import { serve } from "../../serve.js";
import { fromNode } from "./from-node.js";

const request = "POST /a?b HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nConnection: close\r\n\r\nbody";

test("a Node listener gets Node's own request and response, untouched", async () => {
  const application = fromNode((incoming, response) => {
    response.setHeader("x-path", String(incoming.url));
    incoming.pipe(response);
  });
  const logger = new KeptLog();
  await using server = await serve(application, { port: 0, logger });
  const answer = await exchange(portOf(server), request);
  expect(logger.of("error")).toEqual([]);
  expect(answer).toMatch(/^HTTP\/1\.1 200 [\s\S]*x-path: \/a\?b[\s\S]*body/);
});

test("a listener that throws before it answered gets 500", async () => {
  const application = fromNode(async () => {
    throw new Error("secret");
  });
  await using server = await serve(application, { port: 0 });
  expect(await exchange(portOf(server), request)).toMatch(/^HTTP\/1\.1 500 /);
});

test("other scopes, and those of other servers, are refused with what was expected", async () => {
  const application = fromNode(() => {});
  const receive = () => Promise.resolve({ type: "http.disconnect" } as const);
  const send = () => Promise.resolve();
  await expect(application({ type: "websocket" } as Scope, receive, send)).rejects.toThrow(
    /expected an http scope/,
  );
  const foreign = { type: "http", extensions: {} } as HttpScope;
  await expect(application(foreign, receive, send)).rejects.toThrow(/expected a scope of @ws\/server/);
});
