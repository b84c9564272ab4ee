import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { eventually } from "../../conformance/witness.js";
import { newPlace, type Program, RealServer } from "../real-server.fixture.js";
import type { Reply } from "./connect/connection.js";
import { askRedis, RedisServer } from "./redis-server.fixture.js";

/** Debian packs `redis-sentinel` by itself, but it is the same program: `redis-server --sentinel`. */
const redisSentinel: Program = { name: "redis-server", sign: "+monitor master" };

/** What the sentinels of the tests call the primary. */
export const primaryName = "topics";

/** How long a server is away until sentinels take it for down, in ms. */
const downAfter = 500;

/** One sentinel, which watches a primary. */
class Sentinel extends RealServer {
  static async start(primary: number): Promise<Sentinel> {
    const sentinel = new Sentinel(redisSentinel, await newPlace(redisSentinel));
    const file = join(sentinel.folder, "sentinel.conf");
    const lines = [
      `port ${sentinel.port}`,
      "bind 127.0.0.1",
      `dir ${sentinel.folder}`,
      `sentinel monitor ${primaryName} 127.0.0.1 ${primary} 2`,
      `sentinel down-after-milliseconds ${primaryName} ${downAfter}`,
      `sentinel failover-timeout ${primaryName} 5000`,
    ];
    await writeFile(file, `${lines.join("\n")}\n`);
    await sentinel.run([file, "--sentinel"]);
    return sentinel;
  }

  ask(...args: readonly string[]): Promise<Reply> {
    return askRedis(`redis://127.0.0.1:${this.port}`, args);
  }
}

/** A primary, a replica, and three sentinels that know each other. */
export class WatchedRedis implements AsyncDisposable {
  readonly sentinels: readonly Sentinel[];
  /** Both servers; the first is the primary at the start. */
  readonly servers: readonly [RedisServer, RedisServer];

  private constructor(servers: readonly [RedisServer, RedisServer], sentinels: readonly Sentinel[]) {
    this.servers = servers;
    this.sentinels = sentinels;
  }

  static async start(): Promise<WatchedRedis> {
    const primary = await RedisServer.start();
    const replica = await RedisServer.start("--replicaof", `127.0.0.1 ${primary.port}`);
    const isLinked = (reply: Reply): boolean => String(reply).includes("master_link_status:up");
    await eventually(() => replica.ask("INFO", "replication"), isLinked);
    const sentinels = await Promise.all([1, 2, 3].map(() => Sentinel.start(primary.port)));
    const watched = new WatchedRedis([primary, replica], sentinels);
    await watched.#whole();
    return watched;
  }

  /** `host:port` of the sentinels. */
  get nodes(): readonly string[] {
    return this.sentinels.map(({ port }) => `127.0.0.1:${port}`);
  }

  /** Resolves when a sentinel says that the replica has been promoted; before that, nobody can know. */
  async promoted(): Promise<void> {
    const { port } = this.servers[1];
    const isPrimary = (reply: Reply): boolean => (reply as readonly Reply[])[1] === String(port);
    const ask = (sentinel: Sentinel): Promise<Reply> =>
      eventually(() => sentinel.ask("SENTINEL", "GET-MASTER-ADDR-BY-NAME", primaryName), isPrimary);
    await Promise.race(this.sentinels.map(ask));
  }

  async end(): Promise<void> {
    await Promise.all([...this.sentinels, ...this.servers].map((server) => server.end()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end();
  }

  /** Resolves when every sentinel knows the other two and the replica. */
  async #whole(): Promise<void> {
    for (const sentinel of this.sentinels) {
      const isWhole = (reply: Reply): boolean => {
        const known = reply as Readonly<Record<string, string>>;
        return known["num-other-sentinels"] === "2" && known["num-slaves"] === "1";
      };
      await eventually(() => sentinel.ask("SENTINEL", "MASTER", primaryName), isWhole);
    }
  }
}
