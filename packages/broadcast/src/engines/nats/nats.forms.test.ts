import { nkeyAuthenticator, nkeys } from "@nats-io/transport-node";
import { describe, expect, test } from "vitest";
import { codeOf, newTopic, soon, Witness } from "../../conformance/witness.js";
import { type NatsOptions, nats } from "../../nats.js";
import { Certificates } from "../certificates.fixture.js";
import { serverOfNKey, TlsServer } from "./nats-forms.fixture.js";
import { openNats } from "./nats-opened.fixture.js";
import { hasNatsServer, NatsServer } from "./nats-server.fixture.js";

/** What a start that fails says. */
async function said(options: NatsOptions): Promise<string> {
  const failure = await nats({ ...options, connectTimeout: 30_000 })
    .start(new Witness(), soon())
    .catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: "ERR_WS_ENGINE_UNREACHABLE" });
  return (failure as Error).message;
}

describe.runIf(hasNatsServer)("on a real server", () => {
  describe("fault 217: by TLS, with a CA and a client certificate", () => {
    test("a server of another CA, and a client without a certificate, are clear failures", async () => {
      await using server = await TlsServer.start();
      await using other = await Certificates.make();
      const { servers, tls } = server.options;
      expect(await said({ servers, tls: { ...tls, ca: other.ca.cert } })).toMatch(/certificate/);
      expect(await said({ servers, tls: { ca: server.certificates.ca.cert } })).toMatch(
        /expected a server at/,
      );
    });
  });

  describe("fault 217: as a user of an NKey", () => {
    test("another key is a clear failure", async () => {
      await using server = await serverOfNKey();
      const other = nkeyAuthenticator(nkeys.createUser().getSeed());
      expect(await said({ servers: server.url, authenticator: other })).toMatch(/authorization violation/i);
    });
  });

  test("fault 217: a server that is about to end is left at once for another one, and what it was sent is confirmed", async () => {
    await using draining = await NatsServer.start('lame_duck_duration: "30s"\nlame_duck_grace_period: "1s"');
    await using one = await openNats(draining.url);
    const topic = newTopic();
    await one.engine.subscribe(topic, undefined, soon());
    const publishing = codeOf(one.engine.publish(topic, "1", undefined, soon()));
    const drained = draining.drain();
    await one.witness.until(() => one.witness.all("down").length > 0);
    expect(one.witness.all("down")[0]?.reason).toMatch(/about to be shut down \(lame duck mode\)/);
    expect(await publishing).toBe("resolved");
    expect(one.witness.payloads(topic)).toEqual(["1"]);
    await drained;
  });
});
