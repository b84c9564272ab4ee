import type { Application } from "@ws/events";
import { createRouter } from "@ws/router";
import { connect, HandshakeRejected, start } from "@ws/testing";
import { describe, expect, test } from "vitest";
import { bearerToken } from "./auth/token.js";
import { authenticate } from "./authenticate.js";
import { limitConnections } from "./limit-connections.js";
import { visibleDenials } from "./visible-denials.js";
import { websockets } from "./websockets.js";

const ours = { subprotocols: ["jsonrpc.topics.v1"] };

/** Answers the handshake with these events. */
function answering(...events: readonly object[]): Application {
  return async (scope, receive, send) => {
    if (scope.type !== "websocket") throw new Error("only websockets");
    await receive();
    for (const event of events) await send(event as never);
    while ((await receive()).type !== "websocket.disconnect");
  };
}

async function endOf(application: Application, options: object = ours): Promise<object> {
  await using session = await connect(visibleDenials()(application) as Application, "/ws/", options);
  expect(session.subprotocol).toBe("jsonrpc.topics.v1");
  return await session.closed;
}

describe("a denial of a client that speaks jsonrpc.topics.v1 is a close", () => {
  test.each([
    [401, 3000],
    [403, 3003],
    [408, 3008],
    [404, 4404],
    [503, 4503],
  ])("%d is %d", async (status, code) => {
    const start = { type: "websocket.http.response.start", status };
    const end = await endOf(answering(start, { type: "websocket.http.response.body" }));
    expect(end).toEqual({ code, reason: `http ${status}`, wasClean: true });
  });

  test("with the time to wait, where the denial has one in seconds", async () => {
    const denial = (value: string): Application =>
      answering(
        { type: "websocket.http.response.start", status: 429, headers: [["retry-after", value]] },
        { type: "websocket.http.response.body", body: Uint8Array.of(1), moreBody: true },
        { type: "websocket.http.response.body", body: Uint8Array.of(2) },
      );
    expect(await endOf(denial("30"))).toMatchObject({ code: 4429, reason: "http 429; retry-after=30" });
    expect(await endOf(denial("Fri, 31 Dec 1999 23:59:59 GMT"))).toMatchObject({ reason: "http 429" });
  });

  test("a close before accept too", async () => {
    expect(await endOf(answering({ type: "websocket.close" }))).toMatchObject({ code: 3003 });
  });

  test("of authenticate, limitConnections and a path without a route", async () => {
    const echo = answering({ type: "websocket.accept" });
    const verify = (): undefined => undefined;
    expect(await endOf(authenticate({ token: bearerToken(), verify })(echo) as Application)).toMatchObject({
      code: 3000,
    });
    const limited = visibleDenials()(limitConnections({ total: 1 })(echo)) as Application;
    await using server = await start(limited);
    await using first = await server.connect("/ws/");
    await using second = await server.connect("/ws/", ours);
    expect(await second.closed).toMatchObject({ code: 4503, reason: "http 503; retry-after=1" });
    await first.close();
    expect(await endOf(websockets(createRouter([]))() as Application)).toMatchObject({ code: 4404 });
  });
});

test("a connection that is accepted is left alone, its close too", async () => {
  const accept = { type: "websocket.accept", subprotocol: "jsonrpc.topics.v1" };
  const close = { type: "websocket.close", code: 4000, reason: "mine" };
  expect(await endOf(answering(accept, close))).toEqual({ code: 4000, reason: "mine", wasClean: true });
});

test("a client that speaks something else gets the status", async () => {
  const application = visibleDenials()(answering({ type: "websocket.close" })) as Application;
  const connecting = connect(application, "/ws/", { subprotocols: ["other"] });
  await expect(connecting).rejects.toBeInstanceOf(HandshakeRejected);
  await expect(connecting).rejects.toMatchObject({ status: 403 });
});
