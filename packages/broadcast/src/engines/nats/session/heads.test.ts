import { connect } from "@nats-io/transport-node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { soon, Witness } from "../../../conformance/witness.js";
import { Names } from "../connect/names.js";
import { hasNatsServer, NatsServer } from "../nats-server.fixture.js";
import { Sequencer } from "../publish/sequencer.js";
import { Session } from "./session.js";

/** Takes so many numbers that another epoch begins. */
function renew(sequencer: Sequencer): void {
  const { epoch } = sequencer;
  for (let count = 0; sequencer.epoch === epoch; count += 1) {
    sequencer.next(`t${count}`);
    sequencer.take(`t${count}`, 1);
  }
}

describe.runIf(hasNatsServer)("the publisher of a topic without a history", () => {
  let server: NatsServer;
  const names = new Names("ws");
  const sessions: Session[] = [];
  beforeAll(async () => {
    server = await NatsServer.start();
  });
  afterAll(async () => {
    for (const { link } of sessions) link.end(new Error("done"));
    await server.end();
  });

  /** A process that answers for its numbers. */
  async function attached(sequencer: Sequencer = new Sequencer()): Promise<Session> {
    const connection = await connect({ servers: server.url });
    const session = new Session(connection, new Witness(), {
      names,
      sequencer,
      heartbeats: { self: "me", others: () => new Set() },
      replicas: 1,
      pingInterval: 60_000,
    });
    sessions.push(session);
    session.heads.attach();
    await session.link.flush();
    return session;
  }

  test("says how far it is, to whoever says where to answer", async () => {
    const sequencer = new Sequencer();
    sequencer.take("t", 3);
    await attached(sequencer);
    const { link, heads } = await attached();
    link.publish(names.head(sequencer.epoch), "t");
    const answer = await heads.ask("t", sequencer.epoch, soon());
    expect(answer).toEqual({ epoch: sequencer.epoch, sequence: 3 });
  });

  test("is not known where it does not answer: it has ended, or published nothing there", async () => {
    const sequencer = new Sequencer();
    await attached(sequencer);
    const { heads } = await attached();
    const asked = ["ended", sequencer.epoch].map((epoch) => heads.ask("t", epoch, soon()));
    expect(await Promise.all(asked)).toEqual([undefined, undefined]);
  });

  test("answers for the epoch that it has begun, and no longer for the one before", async () => {
    const sequencer = new Sequencer();
    const { epoch } = sequencer;
    sequencer.take("t", 3);
    const { link } = await attached(sequencer);
    const { heads } = await attached();
    renew(sequencer);
    sequencer.take("t", 1);
    await link.flush();
    expect(await heads.ask("t", sequencer.epoch, soon())).toEqual({ epoch: sequencer.epoch, sequence: 1 });
    expect(await heads.ask("t", epoch, soon())).toBeUndefined();
  });

  test("answers for no epoch that it begins after its connection was closed", async () => {
    const sequencer = new Sequencer();
    const { link } = await attached(sequencer);
    const { heads } = await attached();
    await link.connection.close();
    renew(sequencer);
    sequencer.take("t", 1);
    expect(await heads.ask("t", sequencer.epoch, soon())).toBeUndefined();
  });

  test("is asked for no longer than its asker's signal says", async () => {
    const { heads } = await attached();
    await expect(heads.ask("t", "ended", AbortSignal.abort("given up"))).rejects.toBe("given up");
  });
});
