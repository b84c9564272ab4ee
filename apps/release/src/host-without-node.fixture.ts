// Bundled for a host without Node, and run with the globals of a browser's worker alone: see host-without-node.test.ts.
import type { Application, WebSocketScope } from "@ws/events";
import {
  AuthSession,
  accessLog,
  allowedHosts,
  allowedOrigins,
  asWebSocket,
  authenticate,
  catchErrors,
  compose,
  cookieToken,
  lifespan,
  limitConnections,
  rateLimit,
  timeouts,
  websockets,
} from "@ws/middleware";
import { createRouter, websocket } from "@ws/router";
import { Driver, lifespanScope, webSocketScope } from "@ws/testing/driver";

/** The events that the application sent on each of its scopes, and the lines of its access log, without their times. */
export interface Outcome {
  readonly sent: readonly unknown[];
  readonly log: readonly string[];
}

/** By hand, since no validator belongs to the packages. */
const text = {
  "~standard": {
    version: 1,
    vendor: "test",
    validate: (value: unknown) =>
      typeof value === "string" ? { value } : { issues: [{ message: "expected a text" }] },
  },
} as const;

const routes = createRouter([
  websocket("/echo/<int:room>/", async (socket, { room }) => {
    await socket.accept();
    const typed = socket.with({ receive: text, send: text });
    for await (const message of typed) await typed.send(`${message} in ${room} by ${socket.state["user"]}`);
  }),
  websocket("/bytes/", async (socket) => {
    await socket.accept();
    for await (const message of socket.bytes()) await socket.sendBytes(message);
  }),
  websocket("/adapted/", (socket) =>
    asWebSocket(socket, (client) => {
      client.on("message", (data) => client.send(`${data}, adapted`));
    }),
  ),
]);

function application(log: string[]): Application {
  const ends = new AbortController();
  return compose(
    accessLog({ write: (line) => log.push(line.replace(/duration=[\d.]+/, "duration=…")) }),
    catchErrors(() => {}),
    allowedHosts(["example.org"]),
    allowedOrigins(["https://example.org"]),
    lifespan({ startup: () => ({ pool: 5 }) }),
    authenticate({
      token: cookieToken("sid"),
      verify: (sid) => new AuthSession(sid, { expiresAt: Date.now() + 60_000, revoked: ends.signal }),
    }),
    limitConnections({ total: 10, perClient: 5 }),
    rateLimit({ messages: 100, bytes: 100_000 }),
    timeouts({ firstMessage: 60_000, idle: 60_000, maxAge: 60_000 }),
    websockets(routes),
  )(async (scope) => {
    throw new Error(`no ${scope.type} here`);
  });
}

const handshake: Partial<WebSocketScope> = {
  headers: [
    ["host", "example.org"],
    ["origin", "https://example.org"],
    ["cookie", "sid=ann"],
  ],
  client: { host: "2001:db8::1", port: 50_000 },
  extensions: { "websocket.http.response": {} },
};

/** Runs one connection whose client sends a message, takes the answer and leaves; gives what was sent. */
async function talk(served: Application, path: string, message: string | Uint8Array): Promise<Driver> {
  const event = typeof message === "string" ? { text: message } : { bytes: message };
  const driver = new Driver({ type: "websocket.connect" }, { type: "websocket.receive", ...event });
  const running = driver.run(served, webSocketScope({ ...handshake, path }));
  await driver.next();
  await driver.next();
  driver.push({ type: "websocket.disconnect", code: 1001, reason: "" });
  await running;
  return driver;
}

export async function run(): Promise<Outcome> {
  const log: string[] = [];
  const served = application(log);
  const life = new Driver({ type: "lifespan.startup" }, { type: "lifespan.shutdown" });
  await life.run(served, lifespanScope());
  const echoed = await talk(served, "/echo/5/", JSON.stringify("héllo"));
  const bytes = await talk(served, "/bytes/", new Uint8Array([1, 2, 255]));
  const adapted = await talk(served, "/adapted/", "héllo");
  const refused = new Driver({ type: "websocket.connect" });
  await refused.run(served, webSocketScope({ ...handshake, path: "/nowhere/" }));
  const sent = [life, echoed, bytes, adapted, refused].map((driver) => driver.sent);
  return { sent, log };
}
