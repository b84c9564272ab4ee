import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Authenticator, credsAuthenticator, jwtAuthenticator } from "@nats-io/transport-node";
import { describe, expect, onTestFinished, test } from "vitest";
import { newTopic, soon } from "../../conformance/witness.js";
import type { Position } from "../../engine/engine.js";
import { leastRights, OperatorServer, type User } from "./nats-jwt.fixture.js";
import { type Opened, openNats } from "./nats-opened.fixture.js";
import { hasNatsServer } from "./nats-server.fixture.js";

const history = { size: 5, ttl: 60_000 };

/** One publishes, and another one hears it. */
async function exchange(one: Opened, other: Opened): Promise<void> {
  for (const kept of [undefined, history]) {
    const topic = newTopic();
    await other.engine.subscribe(topic, kept, soon());
    await one.engine.publish(topic, "1", kept, soon());
    await other.witness.count(topic, 1);
  }
}

/** A file that is taken away when the test is over. */
async function fileOf(content: Uint8Array): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "ws-creds-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, "user.creds");
  await writeFile(file, content);
  return file;
}

describe.runIf(hasNatsServer)(
  "fault 217: on a real server that trusts an operator, as a user of a JWT",
  () => {
    test("by the JWT and its seed, and by a file of credentials, messages go to and fro, with a history and without", async () => {
      await using server = await OperatorServer.start();
      const { jwt, seed } = server.user();
      const file = await fileOf(server.user().creds);
      await using one = await openNats(server.url, { authenticator: jwtAuthenticator(jwt, seed) });
      await using other = await openNats(server.url, {
        authenticator: credsAuthenticator(readFileSync(file)),
      });
      await exchange(one, other);
      await exchange(other, one);
    });

    test("accounts are apart: neither messages nor members nor histories of one are those of another", async () => {
      await using server = await OperatorServer.start();
      const open = (of: 0 | 1): Promise<Opened> =>
        openNats(server.url, { authenticator: credsAuthenticator(server.user({ of }).creds) });
      await using one = await open(0);
      await using other = await open(1);
      const topic = newTopic();
      for (const { engine } of [one, other]) await engine.subscribe(topic, history, soon());
      await one.engine.enter(topic, "1", "ann");
      await one.engine.publish(topic, "1", history, soon());
      await other.engine.publish(topic, "2", history, soon());
      await other.witness.count(topic, 1);
      expect(other.witness.payloads(topic)).toEqual(["2"]);
      expect(await other.engine.members(topic, soon())).toEqual([]);
    });

    test("the least rights that are documented suffice for all that the engine does", async () => {
      await using server = await OperatorServer.start();
      const open = (): Promise<Opened> =>
        openNats(server.url, {
          authenticator: credsAuthenticator(server.user({ rights: leastRights }).creds),
        });
      await using one = await open();
      await using other = await open();
      await exchange(one, other);
      const topic = newTopic();
      await one.engine.enter(topic, "1", "ann");
      expect(await other.engine.members(topic, soon())).toMatchObject([{ as: "ann" }]);
      await one.engine.publish(topic, "1", history, soon(), "key");
      // It asks for another size, and then for what was missed.
      const after = await other.engine.subscribe(topic, { ...history, size: 6 }, soon());
      await one.engine.publish(topic, "2", history, soon());
      const past = await other.engine.past(topic, after as Position, history, soon());
      expect(past).toMatchObject({ recovered: true, deliveries: [{ payload: "2" }] });
    });

    test.each<[string, RegExp, (server: OperatorServer) => Authenticator]>([
      [
        "a JWT that has expired",
        /authorization violation/i,
        (server) => credsAuthenticator(server.user({ lifetime: -10 }).creds),
      ],
      [
        "the seed of another user",
        /authorization violation/i,
        (server) => jwtAuthenticator(server.user().jwt, server.user().seed),
      ],
      ["no JWT at all", /authorization violation/i, () => () => undefined],
      [
        "a file that holds no credentials",
        /unable to parse credentials/,
        () => credsAuthenticator(Buffer.from("x")),
      ],
      [
        "a file that is not there",
        /ENOENT/,
        () => credsAuthenticator(() => readFileSync("/nowhere/user.creds")),
      ],
    ])("%s is a clear failure at the start", async (_, reason, authenticatorOf) => {
      await using server = await OperatorServer.start();
      const opening = openNats(server.url, { authenticator: authenticatorOf(server) });
      const failure = await opening.catch((error: unknown) => error);
      expect(failure).toMatchObject({ code: "ERR_WS_ENGINE_UNREACHABLE" });
      expect((failure as Error).message).toMatch(reason);
    });

    test("a user that is revoked is down with the server's reason, and up again as whom the authenticator then names", async () => {
      await using server = await OperatorServer.start();
      const users = [server.user(), server.user()];
      let file = users[0]?.creds;
      const authenticator: Authenticator = (nonce) => credsAuthenticator(file as Uint8Array)(nonce);
      await using one = await openNats(server.url, { authenticator });
      const topic = newTopic();
      await one.engine.subscribe(topic, undefined, soon());
      file = users[1]?.creds;
      await server.revoke(users[0] as User);
      await one.witness.until(() => one.witness.all("up").length > 0);
      expect(one.witness.all("down")).toMatchObject([{ reason: expect.stringMatching(/revoked/i) }]);
      await one.engine.publish(topic, "1", undefined, soon());
      await one.witness.count(topic, 1);
    });
  },
);
