import { Connection } from "@ws/connection";
import type { Application, Middleware, WebSocketScope } from "@ws/events";
import { connect, loopback, start, type TestServer } from "@ws/testing";
import { Driver } from "@ws/testing/driver";
import { describe, expect, test } from "vitest";
import { compose } from "./composing/compose.js";
import { echo } from "./echo.fixture.js";
import { connect as connectEvent, disconnect, webSocketScope } from "./events.fixture.js";
import { type LimitConnectionsOptions, limitConnections } from "./limit-connections.js";
import { randomNumbers } from "./random.fixture.js";

/** Takes the client's address and the user from headers, as a proxy and an authentication would tell them. */
const told: Middleware = (application) => (scope, receive, send) => {
  if (scope.type !== "websocket") return application(scope, receive, send);
  const { "x-client": host, "x-user": user } = Object.fromEntries(scope.headers);
  const client = host === undefined ? null : { host, port: 1 };
  return application({ ...scope, client, state: { user } }, receive, send);
};
const user = ({ state }: WebSocketScope): string | undefined => state["user"] as string | undefined;

function limited(options: LimitConnectionsOptions, application: Application = echo): Promise<TestServer> {
  return start(compose(told, limitConnections(options))(application));
}

async function status(server: TestServer, headers: Record<string, string> = {}): Promise<number> {
  try {
    const session = await server.connect("/ws/", { headers });
    await session.close();
    return 101;
  } catch (error) {
    return (error as { status: number }).status;
  }
}

describe("above a limit", () => {
  test("in all, the answer is 503 with retry-after", async () => {
    await using server = await limited({ total: 2 });
    await using _first = await server.connect("/ws/");
    await using _second = await server.connect("/ws/");
    await expect(server.connect("/ws/")).rejects.toMatchObject({
      status: 503,
      headers: new Headers({ "retry-after": "1", "content-length": "0", connection: "close" }),
    });
  });

  test("per client, the answer is 429; other clients come in", async () => {
    await using server = await limited({ perClient: 1 });
    await using _one = await server.connect("/ws/", { headers: { "x-client": "192.0.2.1" } });
    expect(await status(server, { "x-client": "192.0.2.1" })).toBe(429);
    expect(await status(server, { "x-client": "::ffff:192.0.2.1" })).toBe(429);
    expect(await status(server, { "x-client": "192.0.2.2" })).toBe(101);
  });

  test("a client of IPv6 is its network of 64 bits", async () => {
    await using server = await limited({ perClient: 1 });
    await using _one = await server.connect("/ws/", { headers: { "x-client": "2001:db8::1" } });
    expect(await status(server, { "x-client": "2001:db8::ffff" })).toBe(429);
    expect(await status(server, { "x-client": "2001:db8:0:1::1" })).toBe(101);
  });

  test("a client of a real socket has its address", async () => {
    await using server = await start(limitConnections({ perClient: 1 })(echo), { transport: loopback });
    await using _one = await server.connect("/ws/");
    expect(await status(server)).toBe(429);
  });

  test("per user, the answer is 429; other users come in", async () => {
    await using server = await limited({ perUser: 1, user });
    await using _one = await server.connect("/ws/", { headers: { "x-user": "ann" } });
    expect(await status(server, { "x-user": "ann" })).toBe(429);
    expect(await status(server, { "x-user": "bob" })).toBe(101);
  });

  test("whoever has no address, or is nobody, is not counted", async () => {
    await using server = await limited({ perClient: 1, perUser: 1, user });
    await using _one = await server.connect("/ws/");
    expect(await status(server)).toBe(101);
  });

  test("a handshake that is refused takes no place anywhere", async () => {
    await using server = await limited({ total: 2, perUser: 1, user });
    await using _one = await server.connect("/ws/", { headers: { "x-user": "ann" } });
    for (let count = 0; count < 5; count += 1) expect(await status(server, { "x-user": "ann" })).toBe(429);
    expect(await status(server, { "x-user": "bob" })).toBe(101);
  });
});

describe("a place is given back once", () => {
  const ends: Record<string, Application> = {
    returns: async () => {},
    throws: () => Promise.reject(new Error("mine")),
    "throws at once": () => {
      throw new Error("mine");
    },
  };

  test.each(Object.entries(ends))("when the application %s", async (_, application) => {
    const middleware = limitConnections({ total: 1 })(application);
    for (let count = 0; count < 3; count += 1) {
      const server = new Driver(connectEvent, disconnect);
      const run = middleware(webSocketScope(), server.receive, server.send);
      if (application === ends["returns"]) await run;
      else await expect(run).rejects.toThrow("mine");
      expect(server.sent).toEqual([]);
    }
  });

  test("whatever the order in which connections come and go, and however they end", async () => {
    const random = randomNumbers(5);
    const options = { total: 6, perClient: 3, perUser: 2, user };
    const open: { client: string; user: string; end: () => Promise<void> }[] = [];
    const middleware = limitConnections(options);
    const arrive = async (client: string, name: string): Promise<number> => {
      const server = new Driver(connectEvent, disconnect);
      const { promise, resolve, reject } = deferred();
      const scope = webSocketScope({ client: { host: client, port: 1 }, state: { user: name } });
      const ended = middleware(() => promise)(scope, server.receive, server.send).catch(() => {});
      const end = (): Promise<void> => {
        if (random() < 0.5) resolve();
        else reject(new Error("mine"));
        return ended;
      };
      open.push({ client, user: name, end });
      // A refusal is there a few turns later, an application that runs sends nothing.
      await new Promise((next) => setImmediate(next));
      const [answer] = server.sent;
      if (answer === undefined) return 101;
      open.pop();
      return (answer as { status: number }).status;
    };
    for (let step = 0; step < 400; step += 1) {
      if (random() < 0.6) {
        const client = `192.0.2.${Math.floor(random() * 4)}`;
        const name = `user ${Math.floor(random() * 5)}`;
        const ofClient = open.filter((each) => each.client === client).length;
        const ofUser = open.filter((each) => each.user === name).length;
        const isFull = open.length >= 6;
        const expected = isFull ? 503 : ofClient >= 3 || ofUser >= 2 ? 429 : 101;
        expect(await arrive(client, name)).toBe(expected);
      } else {
        await open.splice(Math.floor(random() * open.length), 1)[0]?.end();
      }
    }
    for (const each of open.splice(0)) await each.end();
    for (let count = 0; count < 6; count += 1)
      expect(await arrive(`192.0.2.${count % 2}`, `user ${count}`)).toBe(101);
    expect(await arrive("192.0.2.9", "user 9")).toBe(503);
  });

  test("over the server: closed, lost, denied, failed or never accepted", async () => {
    const running = new Set<Promise<void>>();
    const application = limitConnections({ total: 3 })(async (scope, receive, send) => {
      if (scope.type !== "websocket") return;
      const socket = new Connection(scope, receive, send);
      if (scope.path === "/deny/") return await socket.deny({ status: 401 });
      if (scope.path === "/return/") return;
      await socket.accept();
      for await (const text of socket.text()) if (text === "leave") return;
    });
    const tracked: Application = (scope, receive, send) => {
      const run = application(scope, receive, send);
      running.add(run);
      return run;
    };
    await using server = await start(tracked);
    for (let round = 0; round < 4; round += 1) {
      await expect(server.connect("/deny/")).rejects.toMatchObject({ status: 401 });
      await expect(server.connect("/return/")).rejects.toMatchObject({ status: 403 });
      const sessions = [await server.connect("/"), await server.connect("/"), await server.connect("/")];
      await expect(server.connect("/")).rejects.toMatchObject({ status: 503 });
      await sessions[0]?.close();
      sessions[1]?.terminate();
      await sessions[2]?.sendText("leave");
      await sessions[2]?.closed;
      await Promise.all(running);
    }
  });
});

function deferred(): { promise: Promise<void>; resolve: () => void; reject: (error: Error) => void } {
  let resolve = (): void => {};
  let reject = (_error: Error): void => {};
  const promise = new Promise<void>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}

describe("options", () => {
  test("without a limit everybody comes in", async () => {
    await using session = await connect(limitConnections({})(echo), "/ws/");
    await session.sendText("hi");
    expect(await session.receiveText()).toBe("hi");
  });

  test("a limit that is not above 0 is a mistake, told at once", () => {
    expect(() => limitConnections({ total: 0 })).toThrow(
      "limitConnections.total: expected a number above 0, got 0",
    );
    expect(() => limitConnections({ perClient: -1 })).toThrow("limitConnections.perClient");
    expect(() => limitConnections({ perUser: 0, user })).toThrow("limitConnections.perUser");
  });

  test("perUser needs user, for the compiler and when it runs", () => {
    // @ts-expect-error: user is missing
    expect(() => limitConnections({ perUser: 1 })).toThrow(/expected user, a function of the scope/);
    // @ts-expect-error: an object would never be the same user twice
    limitConnections({ perUser: 1, user: () => ({ id: 1 }) });
  });
});
