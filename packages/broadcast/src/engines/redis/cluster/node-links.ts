import { setTimeout as pause } from "node:timers/promises";
import type { BroadcastError } from "../../../engine/broadcast-error.js";
import { addressText, type NodeAddress } from "../connect/address.js";
import { type ConnectionTimes, type OnMessage, RedisConnection, type Reply } from "../connect/connection.js";
import { downFailure } from "../connect/failure.js";
import { RedisLink } from "../connect/link.js";
import type { ClusterNodes } from "./nodes.js";

/** A primary of the cluster, and the link to it. */
export interface NodeLink {
  readonly address: NodeAddress;
  /** Its address `host:port`, as the cluster names it. */
  readonly name: string;
  readonly link: RedisLink;
  /** Receives what comes over this link; one function for all channels. */
  readonly hear: OnMessage;
  /** Whether the node has not answered lately. */
  isSilent: boolean;
}

/** Is told what happens to the links. */
export interface NodeLinksListener {
  opened(): void;
  /** A link that was open is lost. */
  lost(node: NodeLink, reason: string): void;
  /** The node has ended the subscription of a channel. */
  moved(node: NodeLink, channel: string): void;
  /** A message came over the link. */
  heard(node: NodeLink, message: string, channel: string): void;
}

const ignore = (): void => {};

/** How long a node may take to answer the question for its slots before it counts as silent, in ms. */
const patience = 500;

/** The links to the primaries of a cluster. */
export class NodeLinks {
  readonly #nodes: ClusterNodes;
  readonly #times: ConnectionTimes;
  readonly #listener: NodeLinksListener;
  readonly #open = new Map<string, NodeLink>();
  /** The links that are being opened, so that a second call does not open the same one again. */
  readonly #opening = new Map<string, Promise<void>>();
  /** Links that are not open yet, and connections to seed nodes. */
  readonly #pending = new Set<{ close(failure: BroadcastError): void }>();
  #failure: BroadcastError | undefined;

  constructor(nodes: ClusterNodes, times: ConnectionTimes, listener: NodeLinksListener) {
    this.#nodes = nodes;
    this.#times = times;
    this.#listener = listener;
  }

  /** How many links are open. */
  get size(): number {
    return this.#open.size;
  }

  get(name: string): NodeLink | undefined {
    return this.#open.get(name);
  }

  all(): readonly NodeLink[] {
    return [...this.#open.values()];
  }

  /** The run ids of all nodes with an open link; `""` where one of them is unknown. */
  runs(): string {
    const runs = this.all().map(({ link }) => link.ownRun);
    return runs.includes("") ? "" : runs.join(" ");
  }

  /** Resolves when there is an open link to that primary. */
  open(address: NodeAddress): Promise<void> {
    const name = addressText(address);
    if (this.#open.has(name)) return Promise.resolve();
    const known = this.#opening.get(name);
    if (known !== undefined) return known;
    const opening = this.#openNew(address, name).finally(() => this.#opening.delete(name));
    this.#opening.set(name, opening);
    return opening;
  }

  /** The answer of any node to CLUSTER SLOTS, including a node without a link. */
  async slotsOf(seed: NodeAddress): Promise<Reply> {
    const dial = await this.#nodes.dial(seed);
    const connection = new RedisConnection(dial, this.#times, { lost: ignore });
    return await this.#whilePending(connection, async () => {
      await connection.open();
      const reply = await connection.command(["CLUSTER", "SLOTS"]);
      connection.close(downFailure("no longer needed"));
      return reply;
    });
  }

  /**
   * The answer of a linked node to CLUSTER SLOTS; `undefined` where it does not answer within a moment, and then it counts
   * as silent.
   */
  async slots(node: NodeLink): Promise<Reply | undefined> {
    const answer = node.link.command(["CLUSTER", "SLOTS"]).catch(() => undefined);
    const reply = await Promise.race([answer, pause(patience, undefined, { ref: false })]);
    node.isSilent = reply === undefined;
    return reply;
  }

  /** Closes the links to nodes that serve no slots any more, without reporting it, and returns them. */
  closeOthers(owners: ReadonlySet<string>): readonly NodeLink[] {
    const others = this.all().filter(({ name }) => !owners.has(name));
    for (const { name, link } of others) {
      this.#open.delete(name);
      link.close(downFailure(`${name} serves no slot of the cluster any more`));
    }
    return others;
  }

  close(failure: BroadcastError): void {
    this.#failure = failure;
    for (const pending of this.#pending) pending.close(failure);
    for (const { link } of this.all()) link.close(failure);
    this.#open.clear();
  }

  async #openNew(address: NodeAddress, name: string): Promise<void> {
    const dial = await this.#nodes.dial(address);
    const link = new RedisLink(dial, this.#times, {
      runs: () => this.runs(),
      moved: (channel) => this.#listener.moved(node, channel),
    });
    const node: NodeLink = {
      address,
      name,
      link,
      hear: (message, channel) => this.#listener.heard(node, message, channel),
      isSilent: false,
    };
    await this.#whilePending(link, () => link.open());
    this.#open.set(name, node);
    void link.lost.then((reason) => {
      this.#open.delete(name);
      this.#listener.lost(node, reason);
    });
    this.#listener.opened();
  }

  /** Does something with a connection that is closed together with all others, or when the work fails. */
  async #whilePending<T>(
    pending: { close(failure: BroadcastError): void },
    work: () => Promise<T>,
  ): Promise<T> {
    this.#pending.add(pending);
    try {
      if (this.#failure !== undefined) throw this.#failure;
      return await work();
    } catch (error) {
      pending.close(downFailure("given up"));
      throw error;
    } finally {
      this.#pending.delete(pending);
    }
  }
}
