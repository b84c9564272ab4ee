import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Address, Application, HttpScope } from "@ws/events";
import { expect, expectTypeOf, test } from "vitest";
import { type FetchContext, type FetchHandler, fromFetch } from "../../http/adapters/from-fetch.js";
import { dial, exchange, portOf, readUntil } from "../../raw.fixture.js";
import { serve } from "../../serve.js";

const last = "GET /a?b=1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

test("fault 208: a fetch handler is given its client, the lifespan's state and the scope", async () => {
  const contexts: FetchContext[] = [];
  const pages = fromFetch((_request, context) => {
    contexts.push(context);
    context.state["mine"] = true;
    return new Response("page");
  });
  const pool = {};
  const application: Application = async (scope, receive, send) => {
    if (scope.type !== "lifespan") return pages(scope, receive, send);
    await receive();
    scope.state["pool"] = pool;
    await send({ type: "lifespan.startup.complete" });
    await receive();
    await send({ type: "lifespan.shutdown.complete" });
  };
  await using server = await serve(application, { port: 0 });
  const socket = await dial(portOf(server));
  const { localPort: port } = socket;
  socket.write(last);
  await readUntil(socket, "page");
  await exchange(portOf(server), last);
  const [first, second] = contexts;
  expect(first?.client).toEqual({ host: "127.0.0.1", port });
  expect(first?.state["pool"]).toBe(pool);
  expect(first?.scope).toMatchObject({ type: "http", path: "/a", queryString: "b=1", state: first?.state });
  // One of its own for each request.
  expect(second?.state).not.toBe(first?.state);
  socket.destroy();
});

test("fault 208: behind a trusted proxy it is the proxy's client, and on a unix socket nobody", async () => {
  const clients: (Address | null)[] = [];
  const application = fromFetch((_request, { client }) => {
    clients.push(client);
    return new Response();
  });
  await using server = await serve(application, { port: 0, trustedProxies: ["127.0.0.1"] });
  await exchange(portOf(server), last.replace("Host: x", "Host: x\r\nX-Forwarded-For: 192.0.2.7"));
  const path = join(tmpdir(), `ws-fetch-${process.pid}.sock`);
  await using local = await serve(application, { path });
  expect(local.url).toBe(`unix:${path}`);
  const { request } = await import("node:http");
  await new Promise((resolve) => request({ socketPath: path, agent: false }).on("close", resolve).end());
  expect(clients).toEqual([{ host: "192.0.2.7", port: 0 }, null]);
});

test("fault 208: it is typed, and handlers that want less or call it otherwise fit", () => {
  expectTypeOf<FetchContext["client"]>().toEqualTypeOf<Address | null>();
  expectTypeOf<FetchContext["scope"]>().toEqualTypeOf<HttpScope>();
  expectTypeOf<FetchContext["state"]>().toEqualTypeOf<Record<string, unknown>>();
  // As Hono, h3 and itty have it.
  type Hono = (request: Request, env?: Record<never, never>, ctx?: object) => Response | Promise<Response>;
  type Itty = (request: Request, ...rest: unknown[]) => Promise<Response>;
  expectTypeOf<Hono>().toExtend<FetchHandler>();
  expectTypeOf<Itty>().toExtend<FetchHandler>();
  expectTypeOf<(request: Request) => Response>().toExtend<FetchHandler>();
  // @ts-expect-error: there is no such thing in it
  fromFetch((_request, { user }) => Response.json(user));
});
