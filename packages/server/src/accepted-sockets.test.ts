import { once } from "node:events";
import { createServer, type Server as NetServer, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { setImmediate as nextTurn } from "node:timers/promises";
import { connect as connectSecurely } from "node:tls";
import { expect, onTestFinished, test } from "vitest";
import { WebSocket } from "ws";
import { certificate } from "./certificate.fixture.js";
import { fromFetch } from "./http/adapters/from-fetch.js";
import { dial, echo, exchange, handshake, KeptLog, readUntil, untilClosed } from "./raw.fixture.js";
import { type Server, serve } from "./serve.js";

/** A listener that gives what it accepts to a server, as a parent process gives it to its workers; gives its port. */
async function listenFor(server: Pick<Server, "accept">): Promise<number> {
  const listener: NetServer = createServer((socket: Socket) => server.accept(socket));
  listener.listen(0, "127.0.0.1");
  await once(listener, "listening");
  onTestFinished(() => void listener.close());
  const address = listener.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

const get = "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

test("a server that does not listen has no address, and serves the sockets that it is given", async () => {
  await using server = await serve(echo, { listen: false });
  expect([server.url, server.address]).toEqual(["", ""]);
  const client = new WebSocket(`ws://127.0.0.1:${await listenFor(server)}/`);
  await once(client, "open");
  client.send("hello");
  expect(String((await once(client, "message"))[0])).toBe("hello");
  expect(server.connections).toBe(1);
  client.close();
  await once(client, "close");
});

test("a socket that was given is closed with the server, and one that is given later is destroyed", async () => {
  const server = await serve(echo, { listen: false });
  const port = await listenFor(server);
  const client = new WebSocket(`ws://127.0.0.1:${port}/`);
  await once(client, "open");
  const closed = once(client, "close");
  const closing = server.close({ reason: "reload" });
  const [code, reason] = await closed;
  expect([code, String(reason)]).toEqual([1012, "reload"]);
  await closing;
  await untilClosed(await dial(port));
});

test("requests are answered, too, and over TLS", async () => {
  await using server = await serve(
    fromFetch(() => new Response("page")),
    { listen: false, tls: certificate },
  );
  const socket = connectSecurely({ port: await listenFor(server), host: "127.0.0.1", ca: certificate.cert });
  socket.write(get);
  expect(await readUntil(socket, "page")).toContain("HTTP/1.1 200 OK");
  socket.destroy();
});

test("a client that ends its half of the socket before the answer still gets it", async () => {
  const late = fromFetch(async () => {
    await nextTurn();
    return new Response("page");
  });
  await using server = await serve(late, { listen: false });
  const socket = await dial(await listenFor(server));
  socket.end(get);
  expect(await text(socket)).toContain("page");
});

test("a head that is slow gets 408, as with a server that listens", async () => {
  await using server = await serve(echo, { listen: false, headersTimeout: 100 });
  expect(await exchange(await listenFor(server), "GET / HTTP/1.1\r\nHost: local")).toContain("HTTP/1.1 408");
});

test("maxSockets holds for sockets that are given: where none is idle, a new one is destroyed", async () => {
  const logger = new KeptLog();
  await using server = await serve(echo, { listen: false, maxSockets: 1, logger });
  const port = await listenFor(server);
  const first = await dial(port);
  first.write(handshake());
  await readUntil(first, "101");
  await untilClosed(await dial(port));
  expect(logger.of("warn")).toEqual(["sockets are turned away: none of those that are open is idle"]);
  first.destroy();
});
