import type { BroadcastError } from "../../../engine/broadcast-error.js";
import type { Position } from "../../../engine/engine.js";
import type { OnMessage, Reply } from "./connection.js";
import type { Script, Scripts } from "./script.js";

/** Is told which channels have to be subscribed again although Redis can be reached; this happens only in a cluster. */
export type OnInterrupted = (channels: readonly string[]) => void;

/**
 * What the engine needs of Redis, be it one server or a cluster, from its opening until it is lost; then another one is
 * opened. In every command the key or the channel follows the command's name.
 */
export interface RedisAccess {
  /** Resolves with the reason when Redis is lost, and never after `close`. */
  readonly lost: Promise<string>;
  /** Whether it was lost or closed. */
  readonly isOver: boolean;
  /** Whether a restarted server can be told from the one before. */
  readonly isRunKnown: boolean;
  readonly scripts: Scripts;
  /** Set it to be told. */
  onInterrupted: OnInterrupted;
  /** A part of Redis can be reached again, and what was written there lately may be missing. Set it to be told. */
  onRegained: () => void;

  /** @throws {BroadcastError} where Redis cannot be used. */
  open(): Promise<void>;
  command(args: readonly string[]): Promise<Reply>;
  /**
   * Runs a script. `args` is given the run ids of the servers that are up, beginning with that of the server that is asked.
   */
  run(script: Script, keys: readonly string[], args: (runs: string) => readonly string[]): Promise<Reply>;
  /** Publishes a text to a channel, and returns how many receivers it has. */
  say(channel: string, text: string): Promise<number>;
  /** Makes `onMessage` receive the channel until the end; interruptions are not reported. */
  listen(channel: string, onMessage: OnMessage): Promise<void>;
  /** Resolves when Redis has subscribed the channel. */
  subscribe(channel: string, onMessage: OnMessage): Promise<void>;
  unsubscribe(channel: string): Promise<void>;
  /**
   * Reads the position of a topic, by its key. It is sent behind a `subscribe` on the same connection, so that no message
   * can be missed in between. It is `undefined` for a topic that has no epoch in this run of the server.
   */
  head(key: string): Promise<Position | undefined>;
  /**
   * Gives a topic an epoch where it has none, over the same connection. It is `undefined` where Redis refuses that, for
   * example because the user may only subscribe, or because the server's memory is full.
   */
  begin(head: string, log: string): Promise<Position | undefined>;
  /** @throws {BroadcastError} after it was lost or closed. */
  check(): void;
  close(failure: BroadcastError): void;
}
