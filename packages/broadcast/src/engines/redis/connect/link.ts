import { EventEmitter, once } from "node:events";
import type { BroadcastError } from "../../../engine/broadcast-error.js";
import type { Position } from "../../../engine/engine.js";
import { newEpoch } from "../../../engine/epoch.js";
import type { OnInterrupted, RedisAccess } from "./access.js";
import type { Dial } from "./client.js";
import { type ConnectionTimes, type OnMessage, RedisConnection, type Reply } from "./connection.js";
import { downFailure } from "./failure.js";
import { plainScripts, type Script, type Scripts, shardedScripts } from "./script.js";

/**
 * The id that distinguishes this run of the server from every other, from the answer to INFO; "" for a server that doesn't
 * give it. Whenever a server restarts messages may be lost, even if it reads its data back, because the last second may be
 * missing.
 */
export function runOf(info: Reply | undefined): string {
  return /^run_id:([0-9a-f]{8})/m.exec(String(info))?.[1] ?? "";
}

/** How long the position of a topic is kept after its last message at least, in ms. */
export const day = 86_400_000;

/** The answer to a command for which the user may lack the permission; `undefined` where it is refused. */
async function unlessRefused(
  connection: RedisConnection,
  command: readonly string[],
): Promise<Reply | undefined> {
  try {
    return await connection.command(command);
  } catch {
    // It was refused, unless the connection has ended.
    connection.check();
    return undefined;
  }
}

/** @throws {BroadcastError} for a server that accepts no writes, because it would refuse every publish. */
function checkPrimary(hello: Reply | undefined): void {
  const role = (hello as { readonly role?: unknown } | undefined)?.role;
  if (role === "replica") throw downFailure("expected a primary, got a replica, which takes no writes");
}

/** What the link to a node of a cluster needs to know of that cluster. */
export interface ClusterNode {
  /** The run ids of its primaries that are up; `""` where one of them is unknown. */
  runs(): string;
  /** The slot of that channel belongs to another node now. */
  moved(channel: string): void;
}

/**
 * Two connections that are used together, one for commands and one for messages. If one of them is lost, both are given up.
 */
export class RedisLink implements RedisAccess {
  readonly lost: Promise<string>;
  readonly scripts: Scripts;
  onInterrupted: OnInterrupted = () => {};
  onRegained: () => void = () => {};
  /** The server's address, for people. */
  readonly address: string;
  readonly #commands: RedisConnection;
  readonly #subscriber: RedisConnection;
  readonly #cluster: ClusterNode | undefined;
  readonly #lose: (reason: string) => void;
  readonly #ended = new AbortController();
  #run = "";

  constructor(dial: Dial, times: ConnectionTimes, cluster?: ClusterNode) {
    const ending = new EventEmitter();
    this.lost = once(ending, "lost").then(([reason]) => String(reason));
    const lost = (reason: string): void => {
      this.close(downFailure(reason));
      ending.emit("lost", reason);
    };
    this.#lose = lost;
    this.address = dial.address;
    this.#cluster = cluster;
    this.scripts = cluster === undefined ? plainScripts : shardedScripts;
    this.#commands = new RedisConnection(dial, times, { lost });
    const listener = { lost, moved: (channel: string) => cluster?.moved(channel) };
    this.#subscriber = new RedisConnection(dial, times, listener, cluster !== undefined);
  }

  /** A signal that is aborted when the link is lost or closed. */
  get ended(): AbortSignal {
    return this.#ended.signal;
  }

  /** The id of this run of the server; `""` where it is unknown. */
  get ownRun(): string {
    return this.#run;
  }

  get isRunKnown(): boolean {
    return this.#run !== "";
  }

  async open(): Promise<void> {
    const commands = this.#commands;
    await Promise.all([commands.open(), this.#subscriber.open()]);
    const texts = Object.values(this.scripts).map(({ text }: Script) => text);
    const [hello, info] = await Promise.all([
      unlessRefused(commands, ["HELLO"]),
      unlessRefused(commands, ["INFO", "server"]),
      // Otherwise each of many topics would send the text of the script, because all of them are requested at the same time.
      ...texts.map((text) => unlessRefused(commands, ["SCRIPT", "LOAD", text])),
    ]);
    checkPrimary(hello);
    this.#run = runOf(info);
  }

  command(args: readonly string[]): Promise<Reply> {
    return this.#commands.command(args);
  }

  run(script: Script, keys: readonly string[], args: (runs: string) => readonly string[]): Promise<Reply> {
    return this.#commands.run(script, keys, args(this.#runs()));
  }

  async say(channel: string, text: string): Promise<number> {
    const verb = this.#cluster === undefined ? "PUBLISH" : "SPUBLISH";
    return Number(await this.command([verb, channel, text]));
  }

  listen(channel: string, onMessage: OnMessage): Promise<void> {
    return this.subscribe(channel, onMessage);
  }

  subscribe(channel: string, onMessage: OnMessage): Promise<void> {
    return this.#subscriber.subscribe(channel, onMessage);
  }

  unsubscribe(channel: string): Promise<void> {
    return this.#subscriber.unsubscribe(channel);
  }

  async head(key: string): Promise<Position | undefined> {
    const reply = await this.#subscriber.command(["HMGET", key, "epoch", "sequence", "run"]);
    const [epoch, sequence, run] = reply as readonly (string | null)[];
    const runs = this.#runs();
    const isKnown = runs === "" || (run !== "" && runs.includes(String(run)));
    return typeof epoch === "string" && isKnown ? { epoch, sequence: Number(sequence) } : undefined;
  }

  async begin(head: string, log: string): Promise<Position | undefined> {
    const args = [this.#runs(), newEpoch(), String(day)];
    const asking = this.#subscriber.run(this.scripts.begin, [head, log], args);
    const reply = await asking.catch(() => undefined);
    if (reply === undefined) return undefined;
    const [epoch, sequence] = reply as [string, number];
    return { epoch, sequence };
  }

  get isOver(): boolean {
    return this.#commands.isOver;
  }

  check(): void {
    this.#commands.check();
  }

  close(failure: BroadcastError): void {
    this.#commands.close(failure);
    this.#subscriber.close(failure);
    this.#ended.abort();
  }

  /** Gives the link up although its connections work, for example because a sentinel says so. */
  lose(reason: string): void {
    if (!this.isOver) this.#lose(reason);
  }

  /** The run ids during which a topic's position may have been written. */
  #runs(): string {
    if (this.#cluster === undefined || this.#run === "") return this.#run;
    const others = this.#cluster.runs();
    return others === "" ? "" : `${this.#run} ${others}`;
  }
}
