import { EventEmitter, once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import type { BroadcastError } from "../../../engine/broadcast-error.js";
import type { Position } from "../../../engine/engine.js";
import type { OnInterrupted, RedisAccess } from "../connect/access.js";
import { addressOfText, type NodeAddress } from "../connect/address.js";
import type { ConnectionTimes, OnMessage, Reply } from "../connect/connection.js";
import { downFailure, refusalOf } from "../connect/failure.js";
import { type Script, type Scripts, shardedScripts } from "../connect/script.js";
import { type ChannelsOwner, FollowedChannels } from "./followed-channels.js";
import { type NodeLink, NodeLinks } from "./node-links.js";
import type { ClusterNodes } from "./nodes.js";
import { slotOf } from "./slot.js";
import { parseRedirect, parseSlots, type Redirect, Topology } from "./topology.js";

/** How often the nodes are asked for the slots that they serve, in ms; more often while a node is missing. */
const calmInterval = 1_000;
const hurriedInterval = 100;

/** How long to wait for keys that are moving to another node, in ms: each time, and in total. */
const retryWait = 20;
const longestRetry = 5_000;

/** How long a topic that has moved is not published to, so that every process can subscribe it at its new node, in ms. */
const settling = 200;

const ignore = (): void => {};

/**
 * A Redis Cluster. Each primary has its own link, and a topic belongs to the node of its slot. A node that is lost, or a
 * slot that moves, interrupts only the topics that belong there.
 */
export class RedisClusterLink implements RedisAccess, ChannelsOwner {
  readonly scripts: Scripts = shardedScripts;
  readonly lost: Promise<string>;
  onInterrupted: OnInterrupted = ignore;
  onRegained: () => void = ignore;
  readonly #nodes: ClusterNodes;
  readonly #links: NodeLinks;
  readonly #topology = new Topology();
  readonly #channels = new FollowedChannels(this);
  readonly #ending = new EventEmitter();
  readonly #closing = new AbortController();
  #failure: BroadcastError | undefined;
  #isReady = false;

  constructor(nodes: ClusterNodes, times: ConnectionTimes) {
    this.#nodes = nodes;
    this.lost = once(this.#ending, "lost").then(([reason]) => String(reason));
    this.#links = new NodeLinks(nodes, times, {
      opened: () => this.#isReady && this.onRegained(),
      lost: (node, reason) => this.#nodeLost(node, reason),
      heard: (node, message, channel) => this.#channels.heard(node, message, channel),
      moved: (node, channel) => void this.#channelMoved(node, channel),
    });
  }

  get isOver(): boolean {
    return this.#failure !== undefined;
  }

  get isRunKnown(): boolean {
    return this.#links.runs() !== "";
  }

  async open(): Promise<void> {
    const reasons: string[] = [];
    for (const seed of this.#nodes.seeds()) {
      try {
        const reply = await this.#links.slotsOf(seed);
        this.#topology.take(parseSlots(reply, seed), "", () => false);
        break;
      } catch (error) {
        reasons.push((error as Error).message);
      }
    }
    this.check();
    await this.#openOwners(reasons);
    this.check();
    if (this.#links.size === 0)
      throw downFailure(`no node of the cluster: ${[...new Set(reasons)].join("; ")}`);
    this.#isReady = true;
    void this.#watch();
  }

  command(args: readonly string[]): Promise<Reply> {
    return this.#routed(String(args[1]), ({ link }) => link.command(args));
  }

  run(script: Script, keys: readonly string[], args: (runs: string) => readonly string[]): Promise<Reply> {
    return this.#routed(String(keys[0]), ({ link }) => link.run(script, keys, args));
  }

  say(channel: string, text: string): Promise<number> {
    return this.#routed(channel, ({ link }) => link.say(channel, text));
  }

  /** Listens to a channel. If its node is away, or its slot is moving, it listens as soon as that is over. */
  async listen(channel: string, onMessage: OnMessage): Promise<void> {
    try {
      await this.#channels.subscribe(channel, onMessage, true);
    } catch (error) {
      if (refusalOf(error)?.startsWith("NOPERM")) throw error;
      void this.#channels.listenAgain(channel, onMessage);
    }
  }

  subscribe(channel: string, onMessage: OnMessage): Promise<void> {
    return this.#channels.subscribe(channel, onMessage, false);
  }

  unsubscribe(channel: string): Promise<void> {
    return this.#channels.unsubscribe(channel);
  }

  async head(key: string): Promise<Position | undefined> {
    return await this.nodeOf(key).link.head(key);
  }

  async begin(head: string, log: string): Promise<Position | undefined> {
    return await this.nodeOf(head).link.begin(head, log);
  }

  check(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }

  close(failure: BroadcastError): void {
    if (this.#failure !== undefined) return;
    this.#failure = failure;
    this.#closing.abort();
    this.#links.close(failure);
    this.#channels.clear();
  }

  /** The node that serves the slot of a key now. */
  nodeOf(key: string): NodeLink {
    this.check();
    const owner = this.#topology.owner(slotOf(key));
    if (owner === undefined) throw downFailure("no node of the cluster serves this slot");
    const node = this.#links.get(owner);
    if (node === undefined) throw downFailure(`the node ${owner} of the cluster can't be reached`);
    return node;
  }

  serves(node: NodeLink, slot: number): boolean {
    return this.#topology.owner(slot) === node.name;
  }

  async refused(channel: string, error: unknown, node: NodeLink): Promise<void> {
    await this.#learn(channel, error, node);
  }

  interrupted(channels: readonly string[]): void {
    this.onInterrupted(channels);
  }

  /** Asks the node that serves a key, and asks again where its keys are moving. */
  async #routed<T>(key: string, work: (node: NodeLink) => Promise<T>): Promise<T> {
    const until = performance.now() + longestRetry;
    for (;;) {
      const node = this.nodeOf(key);
      try {
        return await work(node);
      } catch (error) {
        const redirect = await this.#learn(key, error, node);
        if (redirect === undefined || performance.now() > until) throw error;
        await pause(redirect.owner === undefined ? retryWait : settling, undefined, { ref: false });
      }
    }
  }

  /** Learns from a refusal which node serves a slot now; `undefined` for any other refusal. */
  async #learn(key: string, error: unknown, node: NodeLink): Promise<Redirect | undefined> {
    const redirect = parseRedirect(refusalOf(error), node.address);
    if (redirect?.owner !== undefined) await this.#slotMoved(slotOf(key), redirect.owner, node);
    return redirect;
  }

  /** A node reports that a slot belongs to another node. */
  async #slotMoved(slot: number, owner: NodeAddress, said: NodeLink): Promise<void> {
    if (this.#topology.owner(slot) !== said.name) return;
    await this.#links.open(owner).catch(ignore);
    if (this.#topology.owner(slot) !== said.name) return;
    this.#topology.move(slot, owner);
    this.#channels.interruptStrays();
  }

  /** A node has ended the subscription of a channel, by which it reports that the slot has moved. */
  async #channelMoved(node: NodeLink, channel: string): Promise<void> {
    if (!this.#channels.isAt(node, channel)) return;
    await this.#ask(node);
    // While no other node is known, this one is asked again until it names the new one.
    if (this.#channels.isAt(node, channel)) this.#channels.interrupt([channel]);
  }

  #nodeLost(node: NodeLink, reason: string): void {
    if (this.isOver) return;
    if (this.#links.size === 0) {
      this.close(downFailure(reason));
      this.#ending.emit("lost", reason);
      return;
    }
    this.#channels.interruptAt(node);
  }

  /** Asks all nodes for their slots, as long as this link is in use. */
  async #watch(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      const owners = [...this.#topology.owners()];
      const isWhole = owners.every((owner) => this.#links.get(owner)?.isSilent === false);
      await pause(isWhole ? calmInterval : hurriedInterval, undefined, { signal, ref: false }).catch(ignore);
      await Promise.all(this.#links.all().map((node) => this.#ask(node)));
    }
  }

  /** Asks one node for the slots. A node that does not answer within a moment loses its vote on the slots that it had. */
  async #ask(node: NodeLink): Promise<void> {
    const reply = await this.#links.slots(node);
    if (reply === undefined || this.isOver) return;
    const canBeAsked = (owner: string): boolean => this.#links.get(owner)?.isSilent === false;
    const isNew = this.#topology.take(parseSlots(reply, node.address), node.name, canBeAsked);
    await this.#openOwners([]);
    if (this.isOver) return;
    if (isNew) this.#channels.interruptStrays();
    // Nothing is received over a link that was closed, even if its node gets the slot back.
    const closed = this.#links.closeOthers(this.#topology.owners());
    for (const node of closed) this.#channels.interruptAt(node);
  }

  /** Opens a link to every primary that has none. `reasons` collects why this failed. */
  async #openOwners(reasons: string[]): Promise<void> {
    const missing = [...this.#topology.owners()].filter((owner) => this.#links.get(owner) === undefined);
    const opened = await Promise.allSettled(missing.map((owner) => this.#links.open(addressOfText(owner))));
    for (const result of opened) if (result.status === "rejected") reasons.push(result.reason.message);
  }
}
