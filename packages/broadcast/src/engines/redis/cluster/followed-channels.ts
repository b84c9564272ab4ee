import { setTimeout as pause } from "node:timers/promises";
import { backoff } from "../connect/backoff.js";
import type { OnMessage } from "../connect/connection.js";
import type { NodeLink } from "./node-links.js";
import { slotOf } from "./slot.js";

const ignore = (): void => {};

/** A channel that is subscribed, and the node at which it is. */
interface Followed {
  readonly onMessage: OnMessage;
  readonly node: NodeLink;
  /**
   * The slot of the channel. It is stored, because all channels are checked whenever a slot moves, and computing it would
   * take most of the time.
   */
  readonly slot: number;
  /** Whether this class subscribes the channel again by itself, without reporting interruptions. */
  readonly isListened: boolean;
}

/** What the channels need of their cluster. */
export interface ChannelsOwner {
  readonly isOver: boolean;
  /**
   * The node that serves the slot of a channel now. @throws {BroadcastError} where there is none, or it cannot be reached.
   */
  nodeOf(channel: string): NodeLink;
  /** Whether that node still serves a slot. */
  serves(node: NodeLink, slot: number): boolean;
  /** A node has refused a channel, and may have named the node that serves its slot now. */
  refused(channel: string, error: unknown, node: NodeLink): Promise<unknown>;
  /** These channels have to be subscribed again, although Redis can be reached. */
  interrupted(channels: readonly string[]): void;
}

/** The channels that are subscribed at the nodes of a cluster. */
export class FollowedChannels {
  readonly #owner: ChannelsOwner;
  readonly #followed = new Map<string, Followed>();

  constructor(owner: ChannelsOwner) {
    this.#owner = owner;
  }

  /** A message came from a node. It is ignored if that node does not serve the channel any more. */
  heard(node: NodeLink, message: string, channel: string): void {
    const followed = this.#followed.get(channel);
    if (followed?.node === node) followed.onMessage(message, channel);
  }

  isAt(node: NodeLink, channel: string): boolean {
    return this.#followed.get(channel)?.node === node;
  }

  /**
   * Resolves when the node has subscribed the channel. With `isListened`, it is subscribed again after each interruption.
   */
  async subscribe(channel: string, onMessage: OnMessage, isListened: boolean): Promise<void> {
    const node = this.#owner.nodeOf(channel);
    const followed = { onMessage, node, slot: slotOf(channel), isListened };
    // It is stored before the answer, because the first messages may come together with the answer.
    this.#followed.set(channel, followed);
    try {
      await node.link.subscribe(channel, node.hear);
    } catch (error) {
      if (this.#followed.get(channel) === followed) this.#followed.delete(channel);
      await this.#owner.refused(channel, error, node);
      throw error;
    }
  }

  async unsubscribe(channel: string): Promise<void> {
    const followed = this.#followed.get(channel);
    this.#followed.delete(channel);
    await followed?.node.link.unsubscribe(channel);
  }

  /** Tries until the channel is subscribed, or the cluster link has ended. */
  async listenAgain(channel: string, onMessage: OnMessage): Promise<void> {
    for (let attempt = 0; !this.#owner.isOver; attempt += 1) {
      try {
        return await this.subscribe(channel, onMessage, true);
      } catch {
        await pause(backoff(attempt), undefined, { ref: false });
      }
    }
  }

  /** Interrupts the channels that are subscribed at that node, because the node is lost. */
  interruptAt(node: NodeLink): void {
    const channels = [...this.#followed].filter(([, followed]) => followed.node === node);
    this.interrupt(channels.map(([channel]) => channel));
  }

  /** Interrupts the channels that are subscribed at a node which does not serve their slot any more. */
  interruptStrays(): void {
    const strays = [...this.#followed].filter(([, { node, slot }]) => !this.#owner.serves(node, slot));
    for (const [channel, { node }] of strays) node.link.unsubscribe(channel).catch(ignore);
    this.interrupt(strays.map(([channel]) => channel));
  }

  interrupt(channels: readonly string[]): void {
    const told: string[] = [];
    for (const channel of channels) {
      const followed = this.#followed.get(channel);
      this.#followed.delete(channel);
      if (followed?.isListened) void this.listenAgain(channel, followed.onMessage);
      else if (followed !== undefined) told.push(channel);
    }
    if (told.length > 0) this.#owner.interrupted(told);
  }

  clear(): void {
    this.#followed.clear();
  }
}
