import { once } from "node:events";
import { createServer, type Server as HttpServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { expect, test } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { type AttachOptions, attach } from "../../attach.js";
import { dial, echo, exchange, handshake, untilClosed } from "../../raw.fixture.js";
import { readAnswer } from "../handshake.fixture.js";

type UpgradeListener = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

interface Shared {
  readonly httpServer: HttpServer;
  readonly port: number;
  readonly stop: () => Promise<void>;
}

/** A server with one of our applications at /ws, and with other listeners before and after it. */
async function shared(
  before: readonly UpgradeListener[],
  after: readonly UpgradeListener[] = [],
  options: AttachOptions = { paths: ["/ws"], closeTimeout: 50 },
): Promise<Shared> {
  const httpServer = createServer().listen(0, "127.0.0.1");
  await once(httpServer, "listening");
  for (const listener of before) httpServer.on("upgrade", listener);
  const attached = attach(httpServer, echo, options);
  for (const listener of after) httpServer.on("upgrade", listener);
  await attached.ready;
  const stop = async (): Promise<void> => {
    await attached.close();
    const closed = once(httpServer, "close");
    httpServer.close();
    await closed;
  };
  return { httpServer, port: (httpServer.address() as AddressInfo).port, stop };
}

/** Listeners that look at a socket, as those of frameworks do, and leave it alone. */
const idle: Readonly<Record<string, UpgradeListener>> = {
  "does nothing": () => {},
  "listens to errors": (_request, socket) => void socket.on("error", () => {}),
  "counts sockets": (_request, socket) => void socket.once("close", () => {}),
  "decides later that it is not meant": async () =>
    void (await new Promise((resolve) => setTimeout(resolve, 5))),
};

test("fault 173: an upgrade that no listener takes gets 404, whoever else listens, and the server can close", async () => {
  const run = async (name: string, before: UpgradeListener[], after: UpgradeListener[]): Promise<void> => {
    const { port, stop } = await shared(before, after);
    const answer = readAnswer(await exchange(port, handshake("/elsewhere")));
    expect([name, answer.status, answer.responses, answer.body]).toEqual([name, 404, 1, ""]);
    await stop();
  };
  const runs = Object.entries(idle).flatMap(([name, listener]) => [
    run(name, [listener], []),
    run(name, [], [listener]),
    run(name, [listener, listener], [listener]),
  ]);
  await Promise.all(runs);
});

test("fault 173: on a connection that was used before as well", async () => {
  const { httpServer, port, stop } = await shared([() => {}]);
  httpServer.on("request", (_request, response) => response.end("theirs"));
  const page = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
  const answer = await exchange(port, page + handshake("/elsewhere"));
  expect(answer.match(/HTTP\/1\.1 (\d+)/g)).toEqual(["HTTP/1.1 200", "HTTP/1.1 404"]);
  await stop();
});

test("fault 173: another listener that takes it has it, whatever it does first and however it is placed", async () => {
  const head = "HTTP/1.1 418 Theirs\r\nConnection: close\r\n\r\n";
  const takers: Readonly<Record<string, (socket: Duplex, late: Promise<void>) => unknown>> = {
    "answers and ends": (socket) => socket.end(head),
    "answers, and ends late": (socket, late) => {
      socket.write(head);
      return late.then(() => socket.end("late"));
    },
    "reads, and answers late": (socket, late) => {
      socket.on("data", () => {});
      return late.then(() => socket.end(head));
    },
    "pauses, and answers late": (socket, late) => {
      socket.pause();
      return late.then(() => socket.end(head));
    },
    "asks somebody first": (socket) => setTimeout(() => socket.end(head), 50),
  };
  const run = async (name: string, isFirst: boolean): Promise<void> => {
    let beLate!: () => void;
    const late = new Promise<void>((resolve) => {
      beLate = resolve;
    });
    const listener: UpgradeListener = ({ url }, socket) => {
      if (url === "/theirs") takers[name]?.(socket, late);
    };
    const { port, stop } = await shared(isFirst ? [listener] : [], isFirst ? [] : [listener]);
    const answer = exchange(port, handshake("/theirs"));
    // One that came later and that nobody takes is answered: the first one's time is over as well.
    expect(await exchange(port, handshake("/nobody"))).toMatch(/^HTTP\/1\.1 404 /);
    beLate();
    expect([name, (await answer).match(/HTTP\/1\.1 (\d+)/g)]).toEqual([name, ["HTTP/1.1 418"]]);
    await stop();
  };
  await Promise.all(Object.keys(takers).flatMap((name) => [run(name, true), run(name, false)]));
});

test("fault 173: a server of ws beside us keeps its path, and both are talked to", async () => {
  const theirs = new WebSocketServer({ noServer: true });
  const { port, stop } = await shared([
    (request, socket, head) => {
      if (request.url !== "/theirs") return;
      theirs.handleUpgrade(request, socket, head, (opened) => opened.send("theirs"));
    },
  ]);
  const client = new WebSocket(`ws://127.0.0.1:${port}/theirs`);
  expect(String((await once(client, "message"))[0])).toBe("theirs");
  const ours = new WebSocket(`ws://127.0.0.1:${port}/ws`);
  await once(ours, "open");
  ours.send("ours");
  expect(String((await once(ours, "message"))[0])).toBe("ours");
  expect(await exchange(port, handshake("/nobody"))).toMatch(/^HTTP\/1\.1 404 /);
  // Longer than anybody's patience: the one that they took is theirs still.
  client.ping();
  await once(client, "pong");
  for (const each of [client, ours]) {
    each.close();
    await untilClosed(each);
  }
  await stop();
});

test("fault 173: one that is not decided yet is decided when the last application leaves", async () => {
  const { httpServer, port, stop } = await shared([() => {}]);
  const came = once(httpServer, "upgrade");
  const answer = exchange(port, handshake("/elsewhere"));
  await came;
  await stop();
  expect(await answer).toMatch(/^HTTP\/1\.1 404 /);
});

test("fault 173: a client that resets before anybody decides ends no process", async () => {
  const { httpServer, port, stop } = await shared([() => {}]);
  const came = once(httpServer, "upgrade");
  const client = await dial(port);
  client.write(handshake("/elsewhere"));
  const [, socket] = await came;
  const closed = new Promise((resolve) => (socket as Duplex).once("close", resolve));
  client.resetAndDestroy();
  await closed;
  await stop();
});

test("fault 173: of two applications one that leaves decides nothing for the other", async () => {
  const { httpServer, port, stop } = await shared([() => {}]);
  const second = attach(httpServer, echo, { paths: ["/second"], closeTimeout: 50 });
  await second.ready;
  const came = once(httpServer, "upgrade");
  const answer = exchange(port, handshake("/elsewhere"));
  await came;
  await second.close();
  await second.close();
  expect(await answer).toMatch(/^HTTP\/1\.1 404 /);
  await stop();
});
