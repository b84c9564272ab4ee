import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { codeOf, eventually, newTopic, soon, Witness } from "../../conformance/witness.js";
import { nats } from "../../nats.js";
import { type Opened, openNats, userWith } from "./nats-opened.fixture.js";
import { hasNatsServer, NatsServer } from "./nats-server.fixture.js";

/** So that a hang is found soon. */
const hasty = { pingInterval: 100 };
/** For a real server that hangs: it is found out soon, but not where the machine alone is slow. */
const hanging = { pingInterval: 1_000 };

/** A server that greets, and then does with what comes what it is told. */
async function speak(
  heard: (socket: Socket, text: string) => void,
): Promise<{ url: string } & AsyncDisposable> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on("error", () => {}));
    socket.write('INFO {"version":"2.9.10","proto":1,"headers":true,"max_payload":1000}\r\n');
    socket.on("data", (chunk) => heard(socket, String(chunk)));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const end = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, "close");
  };
  return { url: `127.0.0.1:${(server.address() as AddressInfo).port}`, [Symbol.asyncDispose]: end };
}

describe("a start", () => {
  test("that is given up rejects with its signal's reason", async () => {
    await using silent = await speak(() => {});
    const starting = nats({ servers: silent.url }).start(new Witness(), AbortSignal.abort("given up"));
    await expect(starting).rejects.toBe("given up");
  });

  test("during which the engine is closed rejects", async () => {
    await using silent = await speak(() => {});
    const engine = nats({ servers: silent.url });
    const starting = codeOf(engine.start(new Witness(), soon()));
    await engine.close();
    expect(await starting).toBe("ERR_WS_BROADCAST_CLOSED");
  });

  test("on a server that goes as soon as it is connected is a clear failure", async () => {
    await using fleeting = await speak((socket, text) => {
      if (text.startsWith("CONNECT")) socket.write("PONG\r\n");
      else socket.end("-ERR 'Slow Consumer'\r\n");
    });
    await expect(nats({ servers: fleeting.url }).start(new Witness(), soon())).rejects.toMatchObject({
      code: "ERR_WS_ENGINE_UNREACHABLE",
      message: expect.stringMatching(
        /expected a server at 127\.0\.0\.1:\d+, got: .*closed the connection: slow consumer/i,
      ),
    });
  });

  test("that is given up in the last moment leaves no connection", async () => {
    const abort = new AbortController();
    const ended = vi.fn();
    await using slow = await speak((socket, text) => {
      if (text.startsWith("CONNECT")) return socket.write("PONG\r\n");
      socket.on("close", ended);
      return abort.abort("given up");
    });
    await expect(nats({ servers: slow.url }).start(new Witness(), abort.signal)).rejects.toBe("given up");
    await expect.poll(() => ended.mock.calls.length).toBe(1);
  });
});

test("a server is pinged, and told of when it no longer answers", async () => {
  let pings = 0;
  await using tiring = await speak((socket, text) => {
    pings += text.split("PING").length - 1;
    if (pings < 6) socket.write("PONG\r\n".repeat(text.split("PING").length - 1));
  });
  await using one = await openNats(tiring.url, hasty);
  await one.witness.until(() => one.witness.told.length > 0);
  expect(pings).toBe(6);
  expect(one.witness.told).toEqual([{ event: "down", reason: "nats: no answer to a ping within 100 ms" }]);
});

/** What a server that is well answers. */
const pongs = (text: string): string => "PONG\r\n".repeat(text.split("PING").length - 1);

test("a server that no longer answers does not hold up the close", async () => {
  let isSilent = false;
  await using hanging = await speak((socket, text) => {
    if (!isSilent) socket.write(pongs(text));
  });
  const { engine, witness } = await openNats(hanging.url);
  isSilent = true;
  await engine.close();
  expect(await codeOf(engine.publish("t", "1", undefined, soon()))).toBe("ERR_WS_BROADCAST_CLOSED");
  expect(witness.told).toEqual([]);
});

test("a connection that is lost while topics are subscribed again refuses none of them", async () => {
  const sockets = new Set<Socket>();
  await using shaky = await speak((socket, text) => {
    sockets.add(socket);
    if (sockets.size === 2 && text.includes("SUB ws.topic.t")) socket.destroy();
    else socket.write(pongs(text));
  });
  await using one = await openNats(shaky.url);
  await one.engine.subscribe("t", undefined, soon());
  for (const socket of sockets) socket.destroy();
  await one.witness.until(() => one.witness.all("resumed").length > 0);
  expect(one.witness.refusals).toEqual([]);
  expect(sockets.size).toBe(3);
});

test("a server that takes less than it said at first ends nothing: what it does not take rejects", async () => {
  await using strict = await speak((socket, text) => {
    if (text.includes("PING")) socket.write("PONG\r\n".repeat(text.split("PING").length - 1));
    if (text.includes("PUB ws.topic.first")) socket.write('INFO {"version":"2.9.10","max_payload":100}\r\n');
  });
  await using one = await openNats(strict.url);
  const publish = (topic: string): Promise<unknown> =>
    codeOf(one.engine.publish(topic, `"${"x".repeat(200)}"`, undefined, soon()));
  expect(await publish("first")).toBe("resolved");
  await one.engine.publish("next", "1", undefined, soon());
  expect(await publish("second")).toBe("ERR_WS_PAYLOAD_TOO_LARGE");
  expect(one.witness.told).toEqual([]);
});

describe.runIf(hasNatsServer)("on a real server", () => {
  let server: NatsServer;
  beforeEach(async () => {
    server = await NatsServer.start();
  });
  afterEach(() => server.end());

  test("what was under way when the server hung is not sent again to the next", async () => {
    await using one = await openNats(server.url, hanging);
    const topic = newTopic();
    await one.engine.subscribe(topic, undefined, soon());
    await server.pause();
    const calls = Array.from({ length: 100 }, (_, index) =>
      codeOf(one.engine.publish(topic, String(index), undefined, soon())),
    );
    expect(new Set(await Promise.all(calls))).toEqual(new Set(["ERR_WS_ENGINE_DOWN"]));
    await server.kill();
    await server.restart();
    await one.witness.until(() => one.witness.all("resumed").length > 0);
    const { sequence } = await one.engine.publish(topic, '"after"', undefined, soon());
    await one.witness.count(topic, 1);
    expect(one.witness.payloads(topic)).toEqual(['"after"']);
    // The numbers of those that may have been taken are used up: who got none of them is told of a gap.
    expect(sequence).toBe(101);
  });

  test("what is given up in the tick in which it was published is never sent, and uses no number", async () => {
    await using one = await openNats(server.url);
    const topic = newTopic();
    await one.engine.subscribe(topic, undefined, soon());
    const abort = new AbortController();
    const publishing = one.engine.publish(topic, "1", undefined, abort.signal);
    abort.abort("given up");
    await expect(publishing).rejects.toBe("given up");
    expect(await one.engine.publish(topic, "2", undefined, soon())).toMatchObject({ sequence: 1 });
    await one.witness.count(topic, 1);
    expect(one.witness.payloads(topic)).toEqual(["2"]);
  });

  test("while a server hangs attempts go on, and none leaves a socket open", async () => {
    // A machine that is busy with other tests may need several attempts.
    const start = (): Promise<Opened | undefined> =>
      openNats(server.url, { ...hanging, connectTimeout: 500 }).catch(() => undefined);
    await using one = (await eventually(start, Boolean)) as Opened;
    await server.pause();
    const sockets: Socket[] = [];
    const opened = (message: unknown): void => void sockets.push((message as { socket: Socket }).socket);
    subscribe("net.client.socket", opened);
    await expect.poll(() => sockets.length).toBeGreaterThan(4);
    unsubscribe("net.client.socket", opened);
    expect(sockets.slice(0, -1).map((socket) => socket.destroyed)).toEqual(sockets.slice(1).map(() => true));
    server.continue();
    await one.witness.until(() => one.witness.all("up").length > 0);
  });

  test("a topic that can't be subscribed again is tried until it can; the others are whole meanwhile", async () => {
    const [barred, free] = [newTopic(), newTopic()];
    await server.kill();
    await server.restart(userWith('subscribe: ">"'));
    await using one = await openNats(server.url.replace("//", "//ann:x@"));
    for (const topic of [barred, free]) await one.engine.subscribe(topic, undefined, soon());
    await server.kill();
    await server.restart(userWith(`subscribe: { deny: "ws.topic.${barred}" }`));
    await one.witness.until(() => one.witness.all("resumed").length > 0);
    expect(one.witness.all("resumed")).toMatchObject([{ topic: free }]);
    await server.kill();
    await server.restart(userWith('subscribe: ">"'));
    await one.witness.until(() => one.witness.all("resumed").length > 2);
    expect(new Set(one.witness.all("resumed").map(({ topic }) => topic))).toEqual(new Set([barred, free]));
  });

  test("a topic that is left while others are told to be whole is not told of", async () => {
    const [first, second] = [newTopic(), newTopic()];
    class Leaver extends Witness {
      override resumed(topic: string): void {
        super.resumed(topic, undefined);
        void one.engine.unsubscribe(second);
      }
    }
    const witness = new Leaver();
    await using one = await openNats(server.url, {}, witness);
    for (const topic of [first, second]) await one.engine.subscribe(topic, undefined, soon());
    await server.kill();
    await server.restart();
    await witness.until(() => witness.all("resumed").length > 0);
    await one.engine.publish(second, "1", undefined, soon());
    expect(witness.all("resumed")).toMatchObject([{ topic: first }]);
    expect(witness.payloads(second)).toEqual([]);
  });

  test("a subscription that is given up does not end a later one of the same topic", async () => {
    await using one = await openNats(server.url);
    const topic = newTopic();
    const abort = new AbortController();
    const first = one.engine.subscribe(topic, { size: 1, ttl: 1_000 }, abort.signal);
    await one.engine.unsubscribe(topic);
    const second = one.engine.subscribe(topic, undefined, soon());
    abort.abort("given up");
    await expect(first).rejects.toBe("given up");
    await second;
    await server.kill();
    await server.restart();
    await one.witness.until(() => one.witness.all("resumed").length > 0);
    await one.engine.publish(topic, "1", undefined, soon());
    await one.witness.count(topic, 1);
  });
});
