import { once } from "node:events";
import { request } from "node:https";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect as connectSecurely } from "node:tls";
import type { Application } from "@ws/events";
import { describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { certificate } from "../../certificate.fixture.js";
import { fromFetch } from "../../http/adapters/from-fetch.js";
import { dial, echo, exchange, KeptLog, portOf, readUntil, untilClosed } from "../../raw.fixture.js";
import { type Server, serve } from "../../serve.js";
import { Child } from "../child.fixture.js";

const get = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
const last = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
const page = fromFetch(() => new Response("page"));
const application: Application = (scope, receive, send) =>
  (scope.type === "http" ? page : echo)(scope, receive, send);

async function roundTrip(port: number, options: WebSocket.ClientOptions = {}): Promise<void> {
  const scheme = options.ca === undefined ? "ws" : "wss";
  const client = new WebSocket(`${scheme}://127.0.0.1:${port}/`, options);
  await once(client, "open");
  client.send("hello");
  expect(String((await once(client, "message"))[0])).toBe("hello");
  client.close();
  await untilClosed(client);
}

/** So many sockets that are connected and say nothing. */
async function silent(port: number, count: number): Promise<Socket[]> {
  const sockets: Socket[] = [];
  for (let index = 0; index < count; index += 1) sockets.push((await dial(port)).resume());
  return sockets;
}

/** Resolves when so many of them were closed by the server. */
async function closedOf(sockets: readonly Socket[], count: number): Promise<void> {
  const closed = (): number =>
    sockets.filter(({ destroyed, readableEnded }) => destroyed || readableEnded).length;
  await expect.poll(closed).toBeGreaterThanOrEqual(count);
}

function destroy(sockets: readonly Socket[]): void {
  for (const socket of sockets) socket.destroy();
}

describe("at 200 descriptors", () => {
  test("fault 184: a good client is served beside 400 silent sockets, with nothing configured", async () => {
    const child = new Child({}, 200);
    const port = await child.port();
    const sockets = await silent(port, 400);
    for (let count = 0; count < 5; count += 1) await roundTrip(port);
    // Also where they keep coming.
    const more = [...(await silent(port, 200)), ...sockets];
    await roundTrip(port);
    expect(child.errors).toBe("");
    destroy(more);
  });

  test("fault 184: connections that are open stay open meanwhile", async () => {
    const child = new Child({}, 200);
    const port = await child.port();
    const client = new WebSocket(`ws://127.0.0.1:${port}/`);
    await once(client, "open");
    const sockets = await silent(port, 400);
    client.send("still here");
    expect(String((await once(client, "message"))[0])).toBe("still here");
    client.close();
    await untilClosed(client);
    destroy(sockets);
  });
});

describe("maxSockets", () => {
  test("fault 184: the sockets that have been silent longest make room", async () => {
    await using server = await serve(application, { port: 0, maxSockets: 8 });
    const sockets = await silent(portOf(server), 30);
    await closedOf(sockets.slice(0, 23), 23);
    expect(sockets.at(-1)?.readableEnded).toBe(false);
    await roundTrip(portOf(server));
    expect(await exchange(portOf(server), last)).toContain("page");
    destroy(sockets);
  });

  test("fault 184: without a bound nobody has to make room", async () => {
    await using server = await serve(application, { port: 0, maxSockets: Number.POSITIVE_INFINITY });
    const sockets = await silent(portOf(server), 30);
    await roundTrip(portOf(server));
    expect(sockets.filter(({ readableEnded }) => readableEnded)).toEqual([]);
    destroy(sockets);
  });

  test("fault 184: those that are idle after an answer do too, those that are being answered do not", async () => {
    let answer!: () => void;
    const go = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const slow = fromFetch(async ({ url }) => {
      if (url.endsWith("/slow")) await go;
      return new Response("page");
    });
    await using server = await serve(slow, { port: 0, maxSockets: 4, keepAliveTimeout: 60_000 });
    const idle = await silent(portOf(server), 2);
    for (const socket of idle) {
      socket.pause().write(get);
      await readUntil(socket, "page");
      socket.resume();
    }
    const busy = await dial(portOf(server));
    busy.write(last.replace("/", "/slow"));
    const sockets = await silent(portOf(server), 10);
    await closedOf(idle, 2);
    answer();
    expect(await readUntil(busy, "page")).toContain("page");
    destroy([...idle, ...sockets, busy]);
  });

  test("fault 184: where none is idle, who comes is closed at once, and the log says so now and then", async () => {
    const logger = new KeptLog();
    await using server = await serve(application, { port: 0, maxSockets: 2, logger });
    const open: WebSocket[] = [];
    for (let count = 0; count < 2; count += 1) {
      const client = new WebSocket(server.url.replace("http", "ws"));
      await once(client, "open");
      open.push(client);
    }
    for (let count = 0; count < 3; count += 1) {
      await closedOf(await silent(portOf(server), 1), 1);
    }
    expect(logger.lines.filter(({ level }) => level === "warn")).toEqual([
      {
        level: "warn",
        message: "sockets are turned away: none of those that are open is idle",
        fields: { maxSockets: 2, dropped: 1 },
      },
    ]);
    const [client] = open;
    client?.close();
    await once(client as WebSocket, "close");
    await expect.poll(() => exchange(portOf(server), last).catch(String)).toContain("page");
    open[1]?.close();
  });

  test("fault 184: under TLS those make room that have not agreed on it, and those that have and say nothing", async () => {
    const { cert: ca } = certificate;
    await using server = await serve(application, { port: 0, maxSockets: 6, tls: certificate });
    const port = portOf(server);
    const client = new WebSocket(`wss://127.0.0.1:${port}/`, { ca });
    await once(client, "open");
    const raw = await silent(port, 12);
    await closedOf(raw.slice(0, 8), 8);
    const agreed: Socket[] = [];
    for (let count = 0; count < 12; count += 1) {
      const socket = connectSecurely({ port, host: "127.0.0.1", ca }).on("error", () => {});
      await once(socket, "secureConnect");
      agreed.push(socket.resume());
    }
    await closedOf(agreed.slice(0, 8), 8);
    await roundTrip(port, { ca });
    client.send("still here");
    expect(String((await once(client, "message"))[0])).toBe("still here");
    client.close();
    await untilClosed(client);
    destroy([...raw, ...agreed]);
  });

  test("fault 184: on a unix path, with TLS and without", async () => {
    for (const tls of [undefined, certificate]) {
      const path = join(tmpdir(), `ws-idle-${process.pid}-${tls === undefined}.sock`);
      await using server: Server = await serve(application, { path, maxSockets: 4, ...(tls && { tls }) });
      expect(server.url).toBe(`unix:${path}`);
      const sockets: Socket[] = [];
      for (let count = 0; count < 3; count += 1) {
        const socket = connect(path).on("error", () => {});
        await once(socket, "connect");
        sockets.push(socket.resume());
      }
      const socket = connect(path).on("error", () => {});
      await once(socket, "connect");
      if (tls === undefined) {
        socket.write(last);
        await readUntil(socket, "page");
      } else {
        const asked = request({ socketPath: path, agent: false, rejectUnauthorized: false }).end();
        const refused = once(asked, "error");
        socket.destroy();
        await refused;
        await expect
          .poll(
            () =>
              new Promise((resolve) => {
                const again = request({ socketPath: path, agent: false, rejectUnauthorized: false });
                again
                  .on("error", resolve)
                  .on("response", (response) => resolve(response.resume().statusCode));
                again.end();
              }),
          )
          .toBe(200);
      }
      destroy([...sockets, socket]);
    }
  });
});
