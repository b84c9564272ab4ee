import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { setImmediate as turn } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { dialUrl } from "../locate.js";
import { hasRedisServer, RedisServer } from "../redis-server.fixture.js";
import { RedisConnection } from "./connection.js";
import { closedFailure } from "./failure.js";
import { resolveRedisOptions } from "./options.js";

const ignore = (): void => undefined;

describe("with a server that is no Redis", () => {
  let server: Server;
  let answer: (socket: Socket) => void;
  beforeAll(async () => {
    server = createServer((socket) => {
      socket.on("error", ignore);
      answer(socket);
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
  });
  afterAll(() => void server.close());

  function connection(
    userinfo: string,
    lost: (reason: string) => void = ignore,
    connectTimeout = 30_000,
  ): RedisConnection {
    const { port } = server.address() as AddressInfo;
    const url = `redis://${userinfo}127.0.0.1:${port}`;
    const settings = resolveRedisOptions({ url, connectTimeout });
    return new RedisConnection(dialUrl(url, settings.access), settings, { lost });
  }

  test("one that doesn't answer is given up after its time", async () => {
    answer = (socket) => void socket.resume();
    const reasons: string[] = [];
    await expect(connection("", (reason) => reasons.push(reason), 100).open()).rejects.toMatchObject({
      code: "ERR_WS_ENGINE_DOWN",
      message: "no connection to redis: no answer within 100 ms",
    });
    expect(reasons).toEqual(["no answer within 100 ms"]);
  });

  test("one that hangs up is told of with its reason", async () => {
    answer = (socket) => void socket.destroy();
    await expect(connection("").open()).rejects.toThrow("no connection to redis: Socket closed unexpectedly");
  });

  test("what it quotes of a password is in no text", async () => {
    const quote = (data: Buffer): string => JSON.stringify(String(data)).replaceAll("\\r\\n", " ");
    answer = (socket) => void socket.once("data", (data) => socket.write(`-ERR unknown ${quote(data)}\r\n`));
    const failure = await connection("u:s%40cret@")
      .open()
      .catch((error: unknown) => error);
    expect(String(failure)).toMatch(/ERR unknown.*AUTH.*\*\*\*/);
    expect(String(failure)).not.toMatch(/cret/);
  });
});

describe.runIf(hasRedisServer)("with a real server", () => {
  let server: RedisServer;
  let lost: string[];
  let connection: RedisConnection;
  const make = (pingInterval?: number): RedisConnection => {
    const settings = resolveRedisOptions({ url: server.url, pingInterval });
    const dial = dialUrl(server.url, settings.access);
    return new RedisConnection(dial, settings, { lost: (reason) => lost.push(reason) });
  };

  beforeAll(async () => {
    server = await RedisServer.start();
  });
  afterAll(() => server.end());
  beforeEach(() => {
    lost = [];
  });
  afterEach(() => {
    vi.useRealTimers();
    connection.close(closedFailure());
  });

  test("a connection that is closed while it opens is gone, also from the server", async () => {
    connection = make();
    const opening = connection.open();
    connection.close(closedFailure());
    await expect(opening).rejects.toMatchObject({ code: "ERR_WS_BROADCAST_CLOSED" });
    expect(lost).toEqual([]);
    const clients = String(await server.ask("CLIENT", "LIST"))
      .trim()
      .split("\n");
    expect(clients).toHaveLength(1);
  });

  test("once closed, everything is refused with that failure", async () => {
    connection = make();
    await connection.open();
    connection.close(closedFailure());
    const refused = { code: "ERR_WS_BROADCAST_CLOSED" };
    await expect(connection.command(["PING"])).rejects.toMatchObject(refused);
    await expect(connection.subscribe("c", ignore)).rejects.toMatchObject(refused);
    await expect(connection.unsubscribe("c")).rejects.toMatchObject(refused);
    expect(() => connection.check()).toThrow(expect.objectContaining(refused));
  });

  test("before it is open, everything is refused", async () => {
    connection = make();
    await expect(connection.command(["PING"])).rejects.toMatchObject({ code: "ERR_WS_ENGINE_DOWN" });
  });

  test("nothing is told after it was closed, not even what has come already", async () => {
    connection = make();
    await connection.open();
    const messages: string[] = [];
    const first = new Promise<void>((resolve) => {
      void connection.subscribe("c", (message) => {
        messages.push(message);
        connection.close(closedFailure());
        resolve();
      });
    });
    await server.ask("EVAL", "redis.call('PUBLISH', 'c', '1') redis.call('PUBLISH', 'c', '2') return 1", "0");
    await first;
    await turn();
    expect(messages).toEqual(["1"]);
  });

  test("what Redis refuses is told as such, and the connection goes on", async () => {
    connection = make();
    await connection.open();
    await server.ask("ACL", "SETUSER", "default", "resetchannels");
    await expect(connection.subscribe("c", ignore)).rejects.toThrow(/^redis refused: NOPERM/);
    await server.ask("ACL", "SETUSER", "default", "allchannels");
    await expect(connection.command(["GET"])).rejects.toMatchObject({
      code: "ERR_WS_ENGINE_DOWN",
      message: expect.stringContaining("redis refused: ERR wrong number of arguments"),
    });
    expect(await connection.command(["PING"])).toBe("PONG");
    expect(lost).toEqual([]);
  });

  test("a server that hangs is lost when it doesn't answer a PING in time", async () => {
    connection = make(50);
    await connection.open();
    await server.pause();
    await expect.poll(() => lost.length).toBeGreaterThan(0);
    server.continue();
    expect(lost).toEqual(["no answer to PING within 50 ms"]);
    expect(() => connection.check()).toThrow("no connection to redis: no answer to PING within 50 ms");
  });

  test("a server that answers is kept, and asked again and again", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    connection = make();
    await connection.open();
    const asked = async (): Promise<number> =>
      Number(/cmdstat_ping:calls=(\d+)/.exec(String(await server.ask("INFO", "commandstats")))?.[1]);
    // One PING of the connection that asks is counted each time.
    let before = await asked();
    for (let round = 0; round < 3; round++) {
      vi.advanceTimersByTime(5_000);
      await turn();
      await turn();
      await connection.command(["GET", "x"]);
      const now = await asked();
      expect(now - before).toBeGreaterThan(1);
      before = now;
    }
    expect(lost).toEqual([]);
  });

  test("an answer that waited while this process was busy counts", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    connection = make();
    await connection.open();
    await connection.command(["GET", "x"]);
    await server.pause();
    vi.advanceTimersByTime(5_000);
    for (let round = 0; round < 3; round++) await turn();
    server.continue();
    // Redis has answered by the time that this is done, and nothing was read here meanwhile.
    spawnSync("redis-cli", ["-p", String(server.port), "PING"]);
    vi.advanceTimersByTime(5_000);
    for (let round = 0; round < 3; round++) await turn();
    expect(lost).toEqual([]);
    expect(await connection.command(["PING"])).toBe("PONG");
  });
});
