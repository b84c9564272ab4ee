import { eventually } from "../../conformance/witness.js";
import { freePort } from "../real-server.fixture.js";
import { slotCount } from "./cluster/slot.js";
import type { Reply } from "./connect/connection.js";
import { RedisServer } from "./redis-server.fixture.js";

/** A node, and by what the cluster knows it. */
interface Node {
  readonly server: RedisServer;
  readonly busPort: number;
  readonly id: string;
}

async function startNode(nodeTimeout: number): Promise<Node> {
  const busPort = await freePort();
  const own = ["--cluster-enabled", "yes", "--cluster-port", String(busPort)];
  const timeout = ["--cluster-node-timeout", String(nodeTimeout), "--cluster-require-full-coverage", "no"];
  const server = await RedisServer.start(...own, ...timeout);
  return { server, busPort, id: String(await server.ask("CLUSTER", "MYID")) };
}

/** A cluster of three primaries, and a replica of the first. */
export class RedisCluster implements AsyncDisposable {
  readonly primaries: readonly Node[];
  readonly replica: Node;

  private constructor(primaries: readonly Node[], replica: Node) {
    this.primaries = primaries;
    this.replica = replica;
  }

  /** `nodeTimeout`: how long a node is away until the others take it for down, in ms. */
  static async start(nodeTimeout = 2_000): Promise<RedisCluster> {
    const nodes = await Promise.all([1, 2, 3, 4].map(() => startNode(nodeTimeout)));
    const [replica, ...primaries] = nodes as [Node, Node, Node, Node];
    const share = Math.ceil(slotCount / primaries.length);
    for (const [index, { server }] of primaries.entries()) {
      const last = Math.min(slotCount, (index + 1) * share) - 1;
      await server.ask("CLUSTER", "ADDSLOTSRANGE", String(index * share), String(last));
      // Of different ages, so that they agree at once.
      await server.ask("CLUSTER", "SET-CONFIG-EPOCH", String(index + 1));
    }
    const [first] = primaries as [Node, ...Node[]];
    for (const { server, busPort } of nodes.filter((node) => node !== first)) {
      await first.server.ask("CLUSTER", "MEET", "127.0.0.1", String(server.port), String(busPort));
    }
    const cluster = new RedisCluster(primaries, replica);
    await cluster.#all((info) => info.includes("cluster_state:ok") && info.includes("cluster_known_nodes:4"));
    await replica.server.ask("CLUSTER", "REPLICATE", first.id);
    const isLinked = (reply: Reply): boolean => String(reply).includes("master_link_status:up");
    await eventually(() => replica.server.ask("INFO", "replication"), isLinked);
    // The others learn of it a moment later; without it nobody would be promoted.
    for (const { server } of primaries) {
      const isKnown = (reply: Reply): boolean => String(reply).includes(`slave ${first.id}`);
      await eventually(() => server.ask("CLUSTER", "NODES"), isKnown);
    }
    return cluster;
  }

  get all(): readonly Node[] {
    return [...this.primaries, this.replica];
  }

  /** `host:port` of the nodes. */
  get nodes(): readonly string[] {
    return this.all.map(({ server }) => `127.0.0.1:${server.port}`);
  }

  /**
   * Promotes the replica without a vote. It is believed by the epoch that it takes, the highest that it knows and one more:
   * one that has not heard of the newest takes that again, and may lose to the primary.
   */
  async takeOver(): Promise<void> {
    const epochs = (): Promise<readonly (string | undefined)[]> =>
      Promise.all(
        this.all.map(
          async ({ server }) =>
            /cluster_current_epoch:(\d+)/.exec(String(await server.ask("CLUSTER", "INFO")))?.[1],
        ),
      );
    await eventually(epochs, (known) => new Set(known).size === 1);
    await this.replica.server.ask("CLUSTER", "FAILOVER", "TAKEOVER");
    await this.promoted();
  }

  /** Resolves when the replica has been promoted. */
  async promoted(): Promise<void> {
    const isPrimary = (reply: Reply): boolean => (reply as readonly Reply[])[0] === "master";
    await eventually(() => this.replica.server.ask("ROLE").catch(() => []), isPrimary);
  }

  /** Moves a slot and what is in it from one primary to another, as `redis-cli --cluster reshard` does. */
  async move(slot: number, from: Node, to: Node): Promise<void> {
    const set = (node: Node, ...words: readonly string[]): Promise<Reply> =>
      node.server.ask("CLUSTER", "SETSLOT", String(slot), ...words);
    await set(to, "IMPORTING", from.id);
    await set(from, "MIGRATING", to.id);
    for (;;) {
      const keys = await from.server.ask("CLUSTER", "GETKEYSINSLOT", String(slot), "100");
      const names = keys as readonly string[];
      if (names.length === 0) break;
      await from.server.ask(
        "MIGRATE",
        "127.0.0.1",
        String(to.server.port),
        "",
        "0",
        "5000",
        "KEYS",
        ...names,
      );
    }
    for (const node of [to, from, ...this.primaries]) await set(node, "NODE", to.id);
  }

  async kill(): Promise<void> {
    await Promise.all(this.all.map(({ server }) => server.kill()));
  }

  /** Starts all nodes again, on their ports; resolves when they serve all slots. */
  async restart(): Promise<void> {
    await Promise.all(this.all.map(({ server }) => server.restart()));
    await this.#all((info) => info.includes("cluster_state:ok"));
  }

  async pause(): Promise<void> {
    await Promise.all(this.all.map(({ server }) => server.pause()));
  }

  continue(): void {
    for (const { server } of this.all) server.continue();
  }

  async end(): Promise<void> {
    await Promise.all(this.all.map(({ server }) => server.end()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end();
  }

  async #all(isSo: (info: string) => boolean): Promise<void> {
    for (const { server } of this.all) {
      await eventually(
        () => server.ask("CLUSTER", "INFO"),
        (reply) => isSo(String(reply)),
      );
    }
  }
}
