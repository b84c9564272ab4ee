import assert from "node:assert/strict";
import type { Application } from "@ws/events";
import type { ConnectionOptions } from "@ws/server";
import { deferred } from "../client/deferred.js";
import { HandshakeRejected } from "../client/handshake-rejected.js";
import { accepting, type Case, handshake, rejection, running, untilDisconnect, webSocket } from "./case.js";

interface Refusal {
  readonly name: string;
  readonly request: string;
  /** What the answer must match. */
  readonly answer: RegExp;
  readonly options?: Partial<ConnectionOptions>;
}

const many = Array.from({ length: 130 }, (_, index) => `X-${index}: 1`);
const base = handshake("/");

const refusals: readonly Refusal[] = [
  {
    name: "an origin that is not allowed gets 403",
    request: handshake("/", ["Origin: https://evil.example"]),
    answer: /^HTTP\/1\.1 403 /,
  },
  {
    name: "two origins get 403",
    request: handshake("/", ["Origin: http://localhost", "Origin: https://evil.example"]),
    answer: /^HTTP\/1\.1 403 /,
  },
  {
    name: "an origin gets 403 where the function that judges it throws",
    request: handshake("/", ["Origin: http://localhost"]),
    answer: /^HTTP\/1\.1 403 /,
    options: {
      allowedOrigins: () => {
        throw new Error("as planned");
      },
    },
  },
  {
    name: "an origin that a function refuses later gets 403",
    request: handshake("/", ["Origin: http://localhost"]),
    answer: /^HTTP\/1\.1 403 /,
    options: { allowedOrigins: () => Promise.resolve(false) },
  },
  {
    name: "a host that is not allowed gets 421",
    request: base.replace("Host: localhost", "Host: evil.example"),
    answer: /^HTTP\/1\.1 421 /,
    options: { allowedHosts: ["localhost"] },
  },
  {
    name: "a bad Host gets 400",
    request: base.replace("Host: localhost", "Host: a b"),
    answer: /^HTTP\/1\.1 400 /,
  },
  {
    name: "two Hosts get 400",
    request: handshake("/", ["Host: localhost"]),
    answer: /^HTTP\/1\.1 400 /,
  },
  { name: "HTTP/1.0 gets 400", request: base.replace("HTTP/1.1", "HTTP/1.0"), answer: /^HTTP\/1\.1 400 / },
  {
    name: "a version other than 13 gets 426 and is told which",
    request: base.replace("Version: 13", "Version: 8"),
    answer: /^HTTP\/1\.1 426 [\s\S]*sec-websocket-version: 13\r\n/i,
  },
  { name: "too many header lines get 431", request: handshake("/", many), answer: /^HTTP\/1\.1 431 / },
  {
    name: "a target that is too long gets 414",
    request: handshake(`/?${"x".repeat(8_192)}`),
    answer: /^HTTP\/1\.1 414 /,
  },
];

/** The statuses of all responses in a text. */
function statusesOf(answer: string): string[] {
  return Array.from(answer.matchAll(/HTTP\/1\.1 (\d+)/g), ([, status = ""]) => status);
}

/** An application that answers requests after a while, and that accepts and closes WebSockets and records their paths. */
function site(): { readonly application: Application; readonly paths: string[] } {
  const paths: string[] = [];
  const sockets = accepting(async ({ scope, send }) => {
    paths.push(scope.path);
    await send({ type: "websocket.close" });
  });
  const application: Application = async (scope, receive, send) => {
    if (scope.type !== "http") return await sockets(scope, receive, send);
    for (let event = await receive(); event.type === "http.request" && event.moreBody; )
      event = await receive();
    await new Promise((resolve) => setImmediate(resolve));
    await send({ type: "http.response.start", status: 200 });
    await send({ type: "http.response.body", body: new Uint8Array(1) });
  };
  return { application, paths };
}

/** The last rows of contract §5: refusals before any application runs. */
export const handshakeCases: readonly Case[] = [
  ...refusals.map(
    ({ name, request, answer, options }): Case => ({
      name: `${name}, and no application is called`,
      async run(transport) {
        let calls = 0;
        const application = webSocket(async () => {
          calls += 1;
        });
        const use = async (server: { request(text: string): Promise<string> }): Promise<void> => {
          assert.match(await server.request(request), answer);
          assert.equal(calls, 0);
          await server.request(base);
        };
        await running(transport, application, use, options);
        // This shows that a valid handshake is counted.
        assert.equal(calls, 1);
      },
    }),
  ),
  {
    name: "the same host's origin is allowed, and none at all",
    async run(transport) {
      await running(
        transport,
        accepting(async ({ receive }) => void (await untilDisconnect(receive))),
        async (server) => {
          const host = new URL(server.url).host;
          for (const origin of [`http://${host}`, undefined]) {
            const session = await server.connect("/", { origin });
            assert.equal((await session.close()).code, 1000);
          }
        },
      );
    },
  },
  {
    name: "a request that asks for another protocol is answered as an ordinary one, and calls no view",
    async run(transport) {
      const { application, paths } = site();
      const plain = "POST /page HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n";
      const use: Parameters<typeof running>[2] = async (server) => {
        const expected = await server.request(`${plain}Connection: close\r\n\r\nab`);
        const lines =
          "Connection: Upgrade, HTTP2-Settings, close\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n";
        const answer = await server.request(`${plain}${lines}\r\nab`);
        assert.deepEqual(statusesOf(answer), statusesOf(expected));
        assert.deepEqual(paths, []);
      };
      await running(transport, application, use);
    },
  },
  {
    name: "a handshake that is pipelined waits for the response to the request before it",
    async run(transport) {
      const { application } = site();
      const plain = "GET /page HTTP/1.1\r\nHost: localhost\r\n";
      const use: Parameters<typeof running>[2] = async (server) => {
        const [first] = statusesOf(await server.request(`${plain}Connection: close\r\n\r\n`));
        const statuses = statusesOf(await server.request(`${plain}\r\n${handshake("/ws")}`));
        assert.equal(statuses[0], first);
        // A server that closes after its response accepts no further handshake on that socket.
        assert.deepEqual(statuses.slice(1), statuses.length > 1 ? ["101"] : []);
      };
      await running(transport, application, use, { closeTimeout: 50 });
    },
  },
  {
    name: "an extension offer that can't be accepted or can't be read is declined, and never refuses a handshake",
    async run(transport) {
      const application = accepting(({ send }) => send({ type: "websocket.close" }));
      const lines = ["", "=", "permessage-deflate; server_max_window_bits=99", "permessage-deflate; x, ;;"];
      const use: Parameters<typeof running>[2] = async (server) => {
        for (const line of lines) {
          const text = handshake("/", [`Sec-WebSocket-Extensions: ${line}`]);
          const answer = await server.request(text);
          assert.match(answer, /^HTTP\/1\.1 101 /);
          assert.doesNotMatch(answer, /\r\nsec-websocket-extensions:/i);
        }
      };
      for (const perMessageDeflate of [false, true]) {
        await running(transport, application, use, { perMessageDeflate, closeTimeout: 50 });
      }
    },
  },
  {
    name: "a server that is full answers 503 with Retry-After, and takes the next when one has left",
    async run(transport) {
      const application = accepting(async ({ receive }) => void (await untilDisconnect(receive)));
      const use: Parameters<typeof running>[2] = async (server) => {
        const first = await server.connect("/");
        const refused = await rejection(server.connect("/"));
        assert.ok(refused instanceof HandshakeRejected);
        assert.equal(refused.status, 503);
        assert.equal(refused.headers.get("retry-after"), "1");
        await first.close();
        const second = await server.connect("/");
        await second.close();
      };
      await running(transport, application, use, { maxConnections: 1 });
    },
  },
  {
    name: "too many pending handshakes get 503 with Retry-After",
    async run(transport) {
      const called = deferred();
      const answer = deferred();
      const application = webSocket(async ({ send }) => {
        called.resolve();
        await answer.promise;
        await send({ type: "websocket.close" });
      });
      const use: Parameters<typeof running>[2] = async (server) => {
        const first = rejection(server.connect("/"));
        await called.promise;
        const refused = await rejection(server.connect("/"));
        assert.ok(refused instanceof HandshakeRejected);
        assert.equal(refused.status, 503);
        assert.equal(refused.headers.get("retry-after"), "1");
        answer.resolve();
        const denied = await first;
        assert.ok(denied instanceof HandshakeRejected);
        assert.equal(denied.status, 403);
      };
      await running(transport, application, use, { maxPendingHandshakes: 1 });
    },
  },
];
