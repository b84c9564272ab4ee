import type { BroadcastError } from "../../../engine/broadcast-error.js";
import type { Position } from "../../../engine/engine.js";
import type { OnMessage, Reply } from "./connection.js";
import type { Script, Scripts } from "./script.js";

/** Which channels have to be subscribed again though Redis can be reached; in a cluster alone. */
export type OnInterrupted = (channels: readonly string[]) => void;

/**
 * What the engine needs of Redis, be it one server or a cluster, from the moment that it can be used until it is lost:
 * then another one is opened. In every command the key, or the channel, stands behind the command's name.
 */
export interface RedisAccess {
  /** Resolves with the reason when Redis is lost; never after `close`. */
  readonly lost: Promise<string>;
  /** Whether it was lost or closed. */
  readonly isOver: boolean;
  /** Whether a server that was started anew is known as such. */
  readonly isRunKnown: boolean;
  readonly scripts: Scripts;
  /** Whoever wants to know sets it. */
  onInterrupted: OnInterrupted;
  /** A part of Redis can be reached again: what was written there lately may be missing. Whoever wants to know sets it. */
  onRegained: () => void;

  /** @throws {BroadcastError} when Redis can't be used. */
  open(): Promise<void>;
  command(args: readonly string[]): Promise<Reply>;
  /** `args` is given the runs of servers that live, with that of the server that is asked first. */
  run(script: Script, keys: readonly string[], args: (runs: string) => readonly string[]): Promise<Reply>;
  /** Says that to all who listen to the channel; gives how many they are. */
  say(channel: string, text: string): Promise<number>;
  /** Has `onMessage` hear that channel until the end, without telling of interruptions. */
  listen(channel: string, onMessage: OnMessage): Promise<void>;
  /** Resolves when Redis has subscribed it. */
  subscribe(channel: string, onMessage: OnMessage): Promise<void>;
  unsubscribe(channel: string): Promise<void>;
  /**
   * Reads where a topic stands, by its key. Asked behind a `subscribe`, on the same connection, so that no message can
   * be missing between. `undefined` for a topic that has no epoch in this run.
   */
  head(key: string): Promise<Position | undefined>;
  /**
   * Gives a topic an epoch where it has none, by the same connection. `undefined` where Redis refuses that: a user that
   * may only listen, or a server that is full.
   */
  begin(head: string, log: string): Promise<Position | undefined>;
  /** @throws {BroadcastError} once it was lost or closed. */
  check(): void;
  close(failure: BroadcastError): void;
}
