import { createClient } from "@redis/client";
import { describe } from "vitest";
import { conformEngine } from "../../conformance/suite.fixture.js";
import { redis } from "../../redis.js";
import { serverOfAnn, TlsServer } from "./redis-forms.fixture.js";
import { hasRedisServer, RedisServer } from "./redis-server.fixture.js";

describe.runIf(hasRedisServer)("fault 217: in every form", () => {
  conformEngine<TlsServer>("redis by TLS", {
    start: () => TlsServer.start(),
    end: (server) => server[Symbol.asyncDispose](),
    engine: ({ options }, prefix) => redis({ ...options, prefix, connectTimeout: 30_000 }),
    second: true,
    prefixes: true,
  });

  conformEngine<RedisServer>("redis as such a user", {
    start: serverOfAnn,
    end: (server) => server.end(),
    engine: ({ url }) => redis({ url, username: "ann", password: "secret", connectTimeout: 30_000 }),
    second: true,
  });

  const clients = new Map<RedisServer, ReturnType<typeof createClient>>();
  conformEngine<RedisServer>("redis by such a client", {
    start: async () => {
      const server = await RedisServer.start("--requirepass", "secret");
      clients.set(server, createClient({ url: server.url, password: "secret", keyPrefix: "app:" }));
      return server;
    },
    end: (server) => server.end(),
    engine: (server, prefix) =>
      redis({ client: clients.get(server) as never, prefix, connectTimeout: 30_000 }),
    second: true,
    prefixes: true,
  });
});
