import { describe, expect, test } from "vitest";
import { soon, Witness } from "../conformance/witness.js";
import type { Engine } from "../engine/engine.js";
import { nats } from "../nats.js";
import { redis } from "../redis.js";
import { hasNatsServer, NatsServer } from "./nats/nats-server.fixture.js";
import type { RealServer } from "./real-server.fixture.js";
import { hasRedisServer, RedisServer } from "./redis/redis-server.fixture.js";

/** As many topics are whole again within 2 s of the server's return, docs/broadcast.md says. */
const promised = 1_000;

/** As many more are measured, and nothing is promised of them. */
const many = 10_000;

/** Counts what is told, which is too much to keep. */
class Count extends Witness {
  resumes = 0;
  readonly #topics: number;
  #done = (): void => {};
  readonly done: Promise<void> = new Promise((resolve) => {
    this.#done = resolve;
  });

  constructor(topics: number) {
    super();
    this.#topics = topics;
  }

  override resumed(): void {
    this.resumes += 1;
    if (this.resumes === this.#topics) this.#done();
  }
}

type Restartable = RealServer & { restart(): Promise<void> };

/** How long it takes after a restart until every topic is whole again, in ms. */
async function comeBack(topics: number, engine: Engine, server: Restartable): Promise<number> {
  const count = new Count(topics);
  await engine.start(count, soon());
  const names = Array.from({ length: topics }, (_, index) => `t${index}`);
  await Promise.all(names.map((name) => engine.subscribe(name, undefined, soon(60_000))));
  await server.kill();
  await server.restart();
  const back = performance.now();
  await count.done;
  const took = performance.now() - back;
  await engine.close();
  process.stderr.write(`${engine.name}: ${topics} topics in ${Math.round(took)} ms\n`);
  return took;
}

describe("1,000 topics of a process, whose server is started again", () => {
  test.runIf(hasRedisServer)(
    "fault 222: are whole again within 2 s over Redis",
    { timeout: 120_000 },
    async () => {
      await using server = await RedisServer.start();
      expect(await comeBack(promised, redis({ url: server.url }), server)).toBeLessThan(2_000);
      expect(await comeBack(many, redis({ url: server.url }), server)).toBeGreaterThan(0);
    },
  );

  test.runIf(hasNatsServer)(
    "fault 222: are whole again within 2 s over NATS",
    { timeout: 120_000 },
    async () => {
      await using server = await NatsServer.start();
      expect(await comeBack(promised, nats({ servers: server.url }), server)).toBeLessThan(2_000);
      expect(await comeBack(many, nats({ servers: server.url }), server)).toBeGreaterThan(0);
    },
  );
});
