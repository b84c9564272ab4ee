/** What somebody writes who installed the packages: run from `dist`, on the oldest Node. */
export const consumerModule = `
import { once } from "node:events";
import { createBroadcast, memory } from "@ws/broadcast";
import { createRouter, websocket } from "@ws/router";
import { websockets } from "@ws/middleware";
import { fromFetch, serve } from "@ws/server";
import { connect } from "@ws/testing";
import { parseSendEvent } from "@ws/events/schemas";
import { WebSocket } from "ws";
import { z } from "zod";

console.log(process.version);
const routes = createRouter([
  websocket("/ws/", async (socket) => {
    await socket.accept();
    for await (const message of socket) await socket.sendText(message);
  }),
  websocket("/add/<int:a>/", async (socket, { a }) => {
    await socket.accept();
    await socket.sendText(\`\${a} + 1 = \${a + 1}\`);
  }),
]);
const application = websockets(routes)(fromFetch(() => new Response("page")));
parseSendEvent({ type: "websocket.send", text: "x" });

const server = await serve(application, { port: 0 });
const client = new WebSocket(server.url.replace("http", "ws") + "/ws/");
await once(client, "open");
client.send("hello");
console.log("echo:", String((await once(client, "message"))[0]));

const session = await connect(application, "/add/41/");
console.log("typed:", await session.receiveText());
console.log("closed:", (await session.closed).code);
await session[Symbol.asyncDispose]();
client.close();
await once(client, "close");
await server.close();

const broadcast = createBroadcast({ engine: memory() });
const { sequence } = await broadcast.topic("room", z.string()).publish("hello");
console.log("published:", sequence);
await broadcast.close();
`;

/** The same, for the compiler alone. */
export const consumerTypes = `
import type { Application } from "@ws/events";
import { Connection } from "@ws/connection";
import { createRouter, websocket } from "@ws/router";
import { compose, websockets } from "@ws/middleware";
import { createBroadcast, memory } from "@ws/broadcast";
import { fromFetch, serve, type Server } from "@ws/server";
import { connect, type TestSession } from "@ws/testing";
import { sendEvent } from "@ws/events/schemas";

const view = async (socket: Connection, { room }: { readonly room: number }): Promise<void> => {
  await socket.accept();
  await socket.sendText(room.toFixed());
};
const routes = createRouter([websocket("/chat/<int:room>/", view, { name: "chat" })]);
export const path: string = routes.reverse("chat", { room: 5 });
export const application: Application = compose(websockets(routes))(fromFetch(() => new Response()));
export const server: Promise<Server> = serve(application, { port: 0 });
export const session: Promise<TestSession> = connect(application, path);
export const closed: Promise<void> = createBroadcast({ engine: memory() }).close();
export const isEvent: boolean = sendEvent.safeParse(null).success;
`;

/** What somebody writes whose program is CommonJS. */
export const commonJsModule = `
const { createRouter, websocket } = require("@ws/router");
const { websockets } = require("@ws/middleware");
const { fromFetch } = require("@ws/server");
const { connect } = require("@ws/testing");
const { sendEvent } = require("@ws/events/schemas");

async function main() {
  const routes = createRouter([
    websocket("/ws/", async (socket) => {
      await socket.accept();
      for await (const text of socket.text()) await socket.sendText(text);
    }),
    websocket("/add/<int:a>/", async (socket, { a }) => {
      await socket.accept();
      await socket.sendText(\`\${a} + 1 = \${a + 1}\`);
    }),
  ]);
  const application = websockets(routes)(fromFetch(() => new Response("page")));
  const echo = await connect(application, "/ws/");
  await echo.sendText("hello");
  console.log("echo:", await echo.receiveText());
  await echo[Symbol.asyncDispose]();
  const typed = await connect(application, "/add/41/");
  console.log("typed:", await typed.receiveText());
  await typed[Symbol.asyncDispose]();
  console.log("valid:", sendEvent.safeParse({ type: "websocket.close" }).success);
}

void main();
`;

/** What somebody writes who tests with Jest. */
export const jestTest = `
import { createRouter, websocket } from "@ws/router";
import { websockets } from "@ws/middleware";
import { connect, HandshakeRejected } from "@ws/testing";

const application = websockets(
  createRouter([
    websocket("/ws/", async (socket) => {
      await socket.accept();
      for await (const text of socket.text()) await socket.sendText(text.toUpperCase());
    }),
  ]),
)();

test("answers in capitals", async () => {
  const session = await connect(application, "/ws/");
  await session.sendText("hello");
  expect(await session.receiveText()).toBe("HELLO");
  await session[Symbol.asyncDispose]();
});

test("refuses what it doesn't know", async () => {
  await expect(connect(application, "/nowhere/")).rejects.toThrow(HandshakeRejected);
});
`;
