import { connect } from "@nats-io/transport-node";
import { describe, expect, test } from "vitest";
import { codeOf, newTopic, soon } from "../../conformance/witness.js";
import type { Position } from "../../engine/engine.js";
import { openNats, refusal, userWith } from "./nats-opened.fixture.js";
import { hasNatsServer, NatsServer, unhurried } from "./nats-server.fixture.js";

const history = { size: 5, ttl: 60_000 };

describe.runIf(hasNatsServer)("on a real server", () => {
  test("a name, a password and a token are given to the server; a wrong one is told without it", async () => {
    const own = `authorization { ${unhurried}, user: ann, password: 'p/w@' }`;
    await using guarded = await NatsServer.start(own);
    const at = guarded.url.slice("nats://".length);
    await using one = await openNats(`nats://ann:p%2Fw%40@${at}`);
    expect(await codeOf(one.engine.publish(newTopic(), "1", undefined, soon()))).toBe("resolved");
    for (const who of ["ann:wr0ng", "wr0ng"]) {
      const error = await openNats(`nats://${who}@${at}`).catch((reason: unknown) => reason);
      expect(error).toMatchObject({ code: "ERR_WS_ENGINE_UNREACHABLE" });
      expect(String(error)).toContain(`expected a server at ${at}, got: `);
      expect(String(error)).toMatch(/authorization violation/i);
      expect(String(error)).not.toContain("wr0ng");
    }
  });

  test("a server without TLS is not talked to where TLS is asked for", async () => {
    await using server = await NatsServer.start();
    const opening = openNats(server.url.replace("nats:", "tls:"));
    await expect(opening).rejects.toThrow(/does not support 'tls'/);
  });

  test("a message larger than the server takes rejects by itself; those that fit go out", async () => {
    await using small = await NatsServer.start("max_payload: 1024");
    await using one = await openNats(small.url);
    const topic = newTopic();
    await one.engine.subscribe(topic, undefined, soon());
    const payloads = [`"${"x".repeat(500)}"`, `"${"é".repeat(200)}"`, "1", "2"];
    const large = codeOf(one.engine.publish(topic, `"${"é".repeat(500)}"`, undefined, soon()));
    await Promise.all(payloads.map((each) => one.engine.publish(topic, each, undefined, soon())));
    expect(await large).toBe("ERR_WS_PAYLOAD_TOO_LARGE");
    await one.witness.count(topic, 4);
    expect(one.witness.payloads(topic)).toEqual(payloads);
    expect(one.witness.of(topic).map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4]);
  });

  test("what this user may not publish or hear rejects; the rest goes on", async () => {
    const permissions =
      'publish: { deny: "ws.topic.closed.>" }, subscribe: { deny: ["ws.topic.secret", "ws.stored.*.secret"] }';
    await using guarded = await NatsServer.start(userWith(permissions));
    await using one = await openNats(guarded.url.replace("//", "//ann:x@"));
    const [denied, allowed] = ["closed.a", "open"].map((topic) =>
      one.engine.publish(topic, "1", undefined, soon()),
    );
    expect(await refusal(denied as Promise<Position>)).toBe(
      "nats: this user may not publish to ws.topic.closed.a",
    );
    expect(await codeOf(allowed as Promise<Position>)).toBe("resolved");
    expect(await refusal(one.engine.publish("closed.b", "1", history, soon()))).toContain("closed.b");
    expect(await refusal(one.engine.subscribe("secret", undefined, soon()))).toMatch(
      /permissions violation/i,
    );
    expect(await refusal(one.engine.subscribe("secret", history, soon()))).toMatch(/permissions violation/i);
    expect(await codeOf(one.engine.subscribe("open", undefined, soon()))).toBe("resolved");
  });

  test.each([
    ["without a history", undefined, "ws.topic.t"],
    ["with a history", history, "ws.stored.*.t"],
  ])(
    "a subscription that the server takes away is made again when it may be, and that is told: %s",
    async (_, kept, subject) => {
      await using guarded = await NatsServer.start(userWith('subscribe: ">"'));
      await using one = await openNats(guarded.url.replace("//", "//ann:x@"));
      await one.engine.subscribe("t", kept, soon());
      const raw = await connect({ servers: guarded.url.slice("nats://".length), user: "ann", pass: "x" });
      const denied = new Promise<void>((resolve) => {
        raw.subscribe(subject, { callback: () => resolve() });
      });
      await raw.flush();
      await guarded.reload(userWith(`subscribe: { deny: "${subject}" }`));
      await denied;
      await raw.close();
      await guarded.reload(userWith('subscribe: ">"'));
      await one.witness.until(() => one.witness.told.length > 0);
      expect(one.witness.told).toMatchObject([{ event: "resumed", topic: "t" }]);
      await one.engine.publish("t", "1", kept, soon());
      await one.witness.count("t", 1);
    },
  );

  test("members that don't go into one message of the server are told in several", async () => {
    await using small = await NatsServer.start("max_payload: 4096");
    await using one = await openNats(small.url);
    await using other = await openNats(small.url);
    const topic = newTopic();
    const ids = Array.from({ length: 20 }, (_, index) => `m${index}`);
    for (const id of ids) await one.engine.enter(topic, id, "é".repeat(250));
    const members = await other.engine.members(topic, soon());
    expect(members.map(({ id }) => id)).toEqual(ids);
  });

  test("a user that may hear nothing can still publish", async () => {
    const permissions = 'publish: ">", subscribe: { deny: ">" }';
    await using guarded = await NatsServer.start(userWith(permissions));
    await using one = await openNats(guarded.url.replace("//", "//ann:x@"));
    await one.engine.enter("t", "1", "ann");
    expect(await codeOf(one.engine.publish("t", "1", undefined, soon()))).toBe("resolved");
    expect(await one.engine.members("t", soon())).toMatchObject([{ as: "ann" }]);
    expect(await refusal(one.engine.subscribe("t", undefined, soon()))).toMatch(/permissions violation/i);
  });

  test("where there is no JetStream a history rejects, saying so; what needs none works", async () => {
    await using bare = await NatsServer.start("accounts: { A: { users: [{ user: ann, password: x }] } }");
    await using one = await openNats(bare.url.replace("//", "//ann:x@"));
    const [kept, passing] = [newTopic(), newTopic()];
    expect(await refusal(one.engine.publish(kept, "1", history, soon()))).toMatch(/jetstream not enabled/i);
    expect(await refusal(one.engine.subscribe(kept, history, soon()))).toMatch(/jetstream not enabled/i);
    await one.engine.subscribe(passing, undefined, soon());
    await one.engine.publish(passing, "1", undefined, soon());
    await one.witness.count(passing, 1);
  });
});
