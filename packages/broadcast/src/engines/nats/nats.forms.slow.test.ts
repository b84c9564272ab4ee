import { describe } from "vitest";
import { conformEngine } from "../../conformance/suite.fixture.js";
import { nats } from "../../nats.js";
import { authenticator, serverOfNKey, TlsServer } from "./nats-forms.fixture.js";
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
});
