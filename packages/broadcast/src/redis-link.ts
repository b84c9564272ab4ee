import { randomUUID } from "node:crypto";
import { EventEmitter, once } from "node:events";
import type { BroadcastError } from "./broadcast-error.js";
import type { Position } from "./engine.js";
import { type OnMessage, RedisConnection, type Reply } from "./redis-connection.js";
import { downFailure } from "./redis-failure.js";
import type { RedisSettings } from "./redis-options.js";

/**
 * What tells this run of the server from every other, out of the answer to INFO; "" for a server that doesn't say.
 * Messages may be lost whenever a server starts anew, also when it reads its data back: the last second may be missing.
 */
export function runOf(info: Reply): string {
  return /^run_id:([0-9a-f]{8})/m.exec(String(info))?.[1] ?? "";
}

/** The two connections that are used together, one for commands and one for messages; they are lost together, too. */
export class RedisLink {
  readonly commands: RedisConnection;
  /** Resolves with the reason when Redis is lost; never after `close`. */
  readonly lost: Promise<string>;
  readonly #subscriber: RedisConnection;
  #run = "";

  constructor(settings: RedisSettings) {
    const ending = new EventEmitter();
    this.lost = once(ending, "lost").then(([reason]) => String(reason));
    const lose = (reason: string): void => {
      this.close(downFailure(reason));
      ending.emit("lost", reason);
    };
    this.commands = new RedisConnection(settings, lose);
    this.#subscriber = new RedisConnection(settings, lose);
  }

  /** What every epoch of this run begins with. */
  get run(): string {
    return this.#run;
  }

  /** @throws {BroadcastError} when Redis can't be used. */
  async open(): Promise<void> {
    await Promise.all([this.commands.open(), this.#subscriber.open()]);
    this.#run = runOf(await this.commands.command(["INFO", "server"]));
  }

  /** An epoch that was never used. */
  newEpoch(): string {
    return `${this.#run}-${randomUUID().slice(0, 8)}`;
  }

  /** Whether numbers of that epoch still count on. */
  isCurrent(epoch: string): boolean {
    return epoch.startsWith(this.#run);
  }

  /** Resolves when Redis has subscribed it. */
  subscribe(channel: string, onMessage: OnMessage): Promise<void> {
    return this.#subscriber.subscribe(channel, onMessage);
  }

  unsubscribe(channel: string): Promise<void> {
    return this.#subscriber.unsubscribe(channel);
  }

  /**
   * Reads where a topic stands, by its key. Asked behind a `subscribe`, on the same connection, so that no message can
   * be missing between. `undefined` for a topic that was not published to in this run.
   */
  async head(key: string): Promise<Position | undefined> {
    const reply = await this.#subscriber.command(["HMGET", key, "epoch", "sequence"]);
    const [epoch, sequence] = reply as [string | null, string | null];
    if (epoch === null || !this.isCurrent(epoch)) return undefined;
    return { epoch, sequence: Number(sequence) };
  }

  /** Whether it was lost or closed. */
  get isOver(): boolean {
    return this.commands.isOver;
  }

  /** @throws {BroadcastError} once it was lost or closed. */
  check(): void {
    this.commands.check();
  }

  close(failure: BroadcastError): void {
    this.commands.close(failure);
    this.#subscriber.close(failure);
  }
}
