import { type Authenticator, credsAuthenticator } from "@nats-io/transport-node";
import { describe, expect, test } from "vitest";
import { conformEngine } from "../../conformance/suite.fixture.js";
import { soon } from "../../conformance/witness.js";
import { nats } from "../../nats.js";
import { authenticator, serverOfNKey, TlsServer } from "./nats-forms.fixture.js";
import { leastRights, OperatorServer } from "./nats-jwt.fixture.js";
import { openNats } from "./nats-opened.fixture.js";
import { hasNatsServer, type NatsServer } from "./nats-server.fixture.js";

describe.runIf(hasNatsServer)("fault 217: in every form", () => {
  conformEngine<TlsServer>("NATS by TLS", {
    start: () => TlsServer.start(),
    end: (server) => server[Symbol.asyncDispose](),
    engine: ({ options }, prefix) => nats({ ...options, prefix, connectTimeout: 30_000 }),
    second: true,
    prefixes: true,
  });

  conformEngine<NatsServer>("NATS by an NKey", {
    start: serverOfNKey,
    end: (server) => server.end(),
    engine: ({ url }, prefix) => nats({ servers: url, authenticator, prefix, connectTimeout: 30_000 }),
    second: true,
    prefixes: true,
  });

  conformEngine<OperatorServer>("NATS by a JWT of the least rights", {
    start: () => OperatorServer.start(),
    end: ({ server }) => server.end(),
    engine: (server) => {
      const authenticator = credsAuthenticator(server.user({ rights: leastRights }).creds);
      return nats({ servers: server.url, authenticator, connectTimeout: 30_000 });
    },
    second: true,
  });

  test("a JWT that runs out while it is in use: the engine is down with the server's reason, and up by the one that the authenticator then gives", async () => {
    await using server = await OperatorServer.start();
    let given = 0;
    const authenticator: Authenticator = (nonce) => {
      given += 1;
      return credsAuthenticator(server.user({ lifetime: given === 1 ? 5 : 600 }).creds)(nonce);
    };
    await using one = await openNats(server.url, { authenticator });
    await one.engine.subscribe("t", undefined, soon());
    await one.witness.until(() => one.witness.all("up").length > 0);
    expect(one.witness.all("down")).toMatchObject([{ reason: expect.stringMatching(/expired/i) }]);
    await one.engine.publish("t", "1", undefined, soon());
    await one.witness.count("t", 1);
  });
});
