import { createClient, createCluster, createSentinel } from "@redis/client";
import { describe, expect, onTestFinished, test } from "vitest";
import { codeOf, newTopic, soon, Witness } from "../../conformance/witness.js";
import { type RedisOptions, redis } from "../../redis.js";
import { Certificates } from "../certificates.fixture.js";
import { serverOfAnn, TlsServer } from "./redis-forms.fixture.js";
import { hasRedisServer, RedisServer } from "./redis-server.fixture.js";

/** What a start that fails says. */
async function said(options: RedisOptions): Promise<string> {
  const failure = await redis({ ...options, connectTimeout: 30_000 })
    .start(new Witness(), soon())
    .catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: "ERR_WS_ENGINE_UNREACHABLE" });
  return (failure as Error).message;
}

describe.runIf(hasRedisServer)("on a real server", () => {
  describe("fault 217: by TLS, with a CA and a client certificate", () => {
    test("a server of another CA, and a client without a certificate, are clear failures", async () => {
      await using server = await TlsServer.start();
      await using other = await Certificates.make();
      const { url = "", tls } = server.options;
      expect(await said({ url, tls: { ...tls, ca: other.ca.cert } })).toMatch(/certificate/);
      expect(await said({ url, tls: { ca: server.certificates.ca.cert } })).toMatch(/no connection to redis/);
      expect(await said({ url })).toMatch(/certificate/);
    });
  });

  describe("fault 217: as a user of the least rights", () => {
    test("is refused nothing", async () => {
      await using server = await serverOfAnn();
      const engine = redis({ url: server.url, username: "ann", password: "secret", connectTimeout: 30_000 });
      await engine.start(new Witness(), soon());
      await engine.enter("t", "1", "ann");
      await engine.publish("t", "1", { size: 1, ttl: 1_000 }, soon(), "key");
      await engine.close();
      const log = (await server.ask("ACL", "LOG")) as readonly Readonly<Record<string, unknown>>[];
      // The client library says its own name, and does without where that is refused.
      expect(log.map(({ object }) => object).filter((object) => object !== "client|setinfo")).toEqual([]);
    });
  });

  describe("fault 217: by a client that the application has made", () => {
    test("it stays open, and is used for nothing, also when the engine is closed", async () => {
      await using server = await RedisServer.start();
      const client = createClient({ url: `${server.url}/2`, socket: { reconnectStrategy: false } });
      client.on("error", () => {});
      await client.connect();
      onTestFinished(() => client.destroy());
      const engine = redis({ client, connectTimeout: 30_000 });
      const witness = new Witness();
      await engine.start(witness, soon());
      const topic = newTopic();
      await engine.subscribe(topic, undefined, soon());
      await client.sendCommand(["PUBLISH", `ws/2:{${topic}}`, "1 e 1\u001e1"]);
      await witness.count(topic, 1);
      await engine.close();
      expect(await client.ping()).toBe("PONG");
      expect(await server.ask("CLIENT", "LIST", "TYPE", "PUBSUB")).toBe("");
    });

    test("its password is in no text", async () => {
      await using server = await RedisServer.start("--requirepass", "right");
      const client = createClient({ url: server.url.replace("//", "//:wr%40ng@") });
      const message = await said({ client });
      expect(message).toMatch(/WRONGPASS/);
      expect(message).not.toMatch(/wr(%40|@)ng/);
    });

    test("one of a cluster that is not connected, one of sentinels and a pool are refused, and it is said what to give", async () => {
      const cluster = createCluster({ rootNodes: [{ url: "redis://127.0.0.1:1" }] });
      expect(await said({ client: cluster })).toMatch(
        /expected a client that is connected, .*await its connect/,
      );
      const sentinel = createSentinel({ name: "x", sentinelRootNodes: [{ host: "127.0.0.1", port: 1 }] });
      expect(() => redis({ client: sentinel as never })).toThrow(/createSentinel.*give \{ sentinel \}/);
    });
  });

  test("a password can come from a function, for each connection anew", async () => {
    await using server = await RedisServer.start("--requirepass", "secret");
    let asked = 0;
    const credentialsProvider = {
      type: "async-credentials-provider",
      credentials: async () => {
        asked += 1;
        return { username: "default", password: "secret" };
      },
    } as const;
    const engine = redis({ url: server.url, credentialsProvider, connectTimeout: 30_000 });
    await engine.start(new Witness(), soon());
    expect(await codeOf(engine.publish("t", "1", undefined, soon()))).toBe("resolved");
    expect(asked).toBe(2);
    await engine.close();
  });
});
