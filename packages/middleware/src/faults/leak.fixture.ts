import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { Connection } from "@ws/connection";
import { type Application, ConnectionClosed } from "@ws/events";
import { loopback } from "@ws/testing";
import { accessLog } from "../access-log.js";
import { subprotocolToken } from "../auth/token.js";
import { authenticate } from "../authenticate.js";
import { compose } from "../composing/compose.js";
import { closeFrame, exchange, handshake, textFrame } from "./wire.fixture.js";

/** What a terminal, a log reader or a page would take for its own. */
const hostile = '\r\n\u001b[31mFAKE "LINE"\u2028\u202e';

/** A schema that quotes what it doesn't like, as most do. */
const quoting = {
  "~standard": {
    version: 1,
    vendor: "test",
    validate: (value: unknown) => {
      const [key = ""] = Object.keys(value as object);
      return { issues: [{ message: `unknown key "${key}"`, path: [key] }] };
    },
  },
} as const;

/** What goes wrong in an application, by path. Its own errors hold a secret. */
const failures: Readonly<Record<string, (socket: Connection) => Promise<unknown> | never>> = {
  "/at-once": () => {
    throw new Error("a-s3cret at once");
  },
  "/no-error": () => Promise.reject("a-s3cret"),
  "/order": (socket) => socket.send({ type: "websocket.send", text: "too early" }),
  "/subprotocol": (socket) => socket.accept({ subprotocol: "other" }),
  "/header": (socket) => socket.accept({ headers: { "sec-websocket-accept": "a-s3cret" } }),
  "/after": async (socket) => {
    await socket.accept();
    throw new Error("a-s3cret after accept", { cause: new Error("a-s3cret is the cause") });
  },
  "/json": async (socket) => {
    await socket.accept();
    await socket.receiveJson();
  },
  "/type": async (socket) => {
    await socket.accept();
    await socket.receiveBytes();
  },
  "/schema": async (socket) => {
    await socket.accept();
    await socket.receiveJson(quoting);
  },
  "/others": async (socket) => {
    await socket.accept();
    // That of another connection, whose peer chose the reason.
    const closed = { code: 4000, reason: hostile, wasClean: true, initiator: "client" } as const;
    throw new ConnectionClosed(closed);
  },
  "/closed": async (socket) => {
    await socket.accept();
    await socket.receiveText();
    await socket.receiveText();
  },
  "/return": async () => {},
};

const failing: Application = async (scope, receive, send) => {
  if (scope.type !== "websocket") throw new Error("a-s3cret of no WebSocket");
  const fail = failures[scope.path.replace(/[^/a-z-].*$/s, "")];
  await fail?.(new Connection(scope, receive, send));
};

const secrets = [
  "Cookie: sid=c-s3cret",
  "Authorization: Bearer b-s3cret",
  "Sec-WebSocket-Protocol: chat, bearer.p-s3cret",
  "Referer: http://localhost/?token=q-s3cret",
];

/** Everything that a peer does wrong, as bytes. */
function attempts(): Buffer[] {
  const frames = [textFrame(`{"m-s3cret${hostile}`), textFrame("m-s3cret is the second")];
  const leave = closeFrame(4000, `own ${hostile}`);
  const unknownKey = textFrame(JSON.stringify({ [`key${hostile}`]: "m-s3cret" }));
  const query = "?token=q-s3cret&x=%1b%0d%0a";
  const opened = Object.keys(failures).flatMap((path) => [
    Buffer.concat([Buffer.from(handshake(path + query, secrets)), ...frames, leave]),
    Buffer.concat([Buffer.from(handshake(`${path}%0d%0a%1b%5b31m${query}`, secrets)), unknownKey, leave]),
  ]);
  const good = handshake(`/after${query}`, secrets);
  const refused = [
    good.replace("Host: localhost", "Host: a b"),
    good.replace("Version: 13", "Version: 12"),
    good.replace("/after", "/%ff"),
    good.replace("/after", "//after"),
    good.replace("/after", `/${"x".repeat(9_000)}`),
    good.replace("\r\n\r\n", "\r\nOrigin: https://evil.example\r\n\r\n"),
    good.replace("Cookie: ", "Cookie: \u001b[31m\u0000"),
    good.replace("/after", "/\u001b[31m"),
    good.replace("bearer.", "none."),
    `m-s3cret ${hostile}\r\n\r\n`,
    `GET /${query} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n${secrets.join("\r\n")}\r\n\r\n`,
  ];
  return [...opened, ...refused.map((text) => Buffer.from(text, "latin1"))];
}

/** What the peers received, and what was logged, after all of that. */
export interface Told {
  readonly peers: readonly string[];
  /** Lines and entries of the access log. */
  readonly access: readonly string[];
  /** Everything the server's logger and the channel of refusals were told, as the simplest JSON logger writes it. */
  readonly server: readonly string[];
  /** The messages of the log and of its errors, as `console.log` would print them. */
  readonly messages: readonly string[];
}

/** Makes all of it go wrong. */
export async function provoke(): Promise<Told> {
  const access: string[] = [];
  const server: string[] = [];
  const messages: string[] = [];
  const write = (message: string, fields: Readonly<Record<string, unknown>> = {}): void => {
    const plain = (_: string, value: unknown): unknown =>
      value instanceof Error
        ? { ...value, message: value.message, stack: value.stack, cause: value.cause }
        : value;
    server.push(JSON.stringify({ message, ...fields }, plain));
    const { error } = fields;
    messages.push(message, error instanceof Error ? error.message : String(error));
  };
  const onRejected = (message: unknown): void => write("rejected", message as Record<string, unknown>);
  subscribe("ws.server.handshake.rejected", onRejected);
  const application = compose(
    accessLog({ write: (line, entry) => access.push(line, JSON.stringify(entry)) }),
    authenticate({ token: subprotocolToken("bearer."), verify: (token) => token.replace("s3cret", "user") }),
  )(failing);
  const logger = { debug: write, info: write, warn: write, error: write };
  const endpoint = await loopback.start(application, { logger, closeTimeout: 30 });
  const peers = await Promise.all(attempts().map((bytes) => exchange(endpoint, bytes)));
  await endpoint.close();
  unsubscribe("ws.server.handshake.rejected", onRejected);
  return { peers, access, server, messages };
}
