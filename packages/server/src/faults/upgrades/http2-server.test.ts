import { once } from "node:events";
import { connect, createSecureServer, type Http2SecureServer } from "node:http2";
import type { AddressInfo } from "node:net";
import { connect as connectTls, type TLSSocket } from "node:tls";
import { expect, expectTypeOf, test } from "vitest";
import { WebSocket } from "ws";
import { attach } from "../../attach.js";
import { certificate } from "../../certificate.fixture.js";
import { echo, handshake, readUntil, untilClosed } from "../../raw.fixture.js";

interface Shared {
  readonly httpServer: Http2SecureServer;
  readonly port: number;
}

async function shared(): Promise<Shared> {
  const httpServer = createSecureServer({ ...certificate, allowHTTP1: true }, (request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += String(chunk);
    });
    request.on("end", () => void response.end(`{${request.httpVersion} ${request.method} ${body}}`));
  }).listen(0, "127.0.0.1");
  await once(httpServer, "listening");
  return { httpServer, port: (httpServer.address() as AddressInfo).port };
}

async function dial(port: number): Promise<TLSSocket> {
  const socket = connectTls({ port, host: "127.0.0.1", ca: certificate.cert, servername: "localhost" });
  await once(socket, "secureConnect");
  return socket;
}

test("fault 187: a server of HTTP/2 that allows HTTP/1.1 takes our WebSockets, and keeps its pages of both versions", async () => {
  expectTypeOf(attach).parameter(0).extract<Http2SecureServer>().not.toBeNever();
  const { httpServer, port } = await shared();
  await using attached = attach(httpServer, echo, { paths: ["/ws"], closeTimeout: 50 });
  await attached.ready;
  const client = new WebSocket(`wss://127.0.0.1:${port}/ws`, { ca: certificate.cert });
  await once(client, "open");
  client.send("hi");
  expect(String((await once(client, "message"))[0])).toBe("hi");
  const session = connect(`https://127.0.0.1:${port}`, { ca: certificate.cert });
  const stream = session.request({ ":path": "/" });
  let page = "";
  for await (const chunk of stream) page += chunk;
  expect(page).toBe("{2.0 GET }");
  session.close();
  const socket = await dial(port);
  socket.write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  expect(await readUntil(socket, "}")).toContain("{1.1 GET }");
  socket.destroy();
  client.close();
  await untilClosed(client);
  httpServer.close();
});

test("fault 187: there too a pipelined upgrade waits, one that nobody wants gets 404, and another protocol a page", async () => {
  const { httpServer, port } = await shared();
  await using attached = attach(httpServer, echo, { paths: ["/ws"], closeTimeout: 50 });
  await attached.ready;
  const elsewhere = await dial(port);
  elsewhere.write(handshake("/elsewhere"));
  expect(await readUntil(elsewhere, "\r\n\r\n")).toMatch(/^HTTP\/1\.1 404 /);
  const socket = await dial(port);
  const h2c =
    "POST / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: h2c\r\nContent-Length: 2\r\n\r\nab";
  socket.write(h2c + h2c + handshake("/ws"));
  const all = await readUntil(socket, "101 Switching Protocols");
  expect(all.match(/HTTP\/1\.1 \d+|\{.*?\}/g)).toEqual([
    "HTTP/1.1 200",
    "{1.1 POST ab}",
    "HTTP/1.1 200",
    "{1.1 POST ab}",
    "HTTP/1.1 101",
  ]);
  for (const each of [elsewhere, socket]) each.destroy();
  httpServer.close();
});
