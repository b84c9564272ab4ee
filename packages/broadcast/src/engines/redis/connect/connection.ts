import type { BroadcastError } from "../../../engine/broadcast-error.js";
import { type Client, type Dial, ErrorReply } from "./client.js";
import { downFailure, refusedFailure } from "./failure.js";
import type { RedisSettings } from "./options.js";
import { reasonOf } from "./reason.js";
import type { Script } from "./script.js";

/** An answer of Redis: text, whole numbers, nothing, and lists and maps of these. */
export type Reply = string | number | null | readonly Reply[] | { readonly [field: string]: Reply };

export type OnMessage = (message: string, channel: string) => void;

/** Is told what happens to a connection. */
export interface ConnectionListener {
  /** The connection has ended without `close`, for this reason. It is called once. */
  lost(reason: string): void;
  /** The server has ended the subscription of a sharded channel, because the channel's slot has moved to another node. */
  moved?(channel: string): void;
}

/** How long a connection may take to open, and how often it must give a sign of life, in ms. */
export type ConnectionTimes = Pick<RedisSettings, "connectTimeout" | "pingInterval" | "secrets">;

/** One connection to Redis, from its opening to its end. */
export class RedisConnection {
  readonly #client: Client;
  readonly #times: ConnectionTimes;
  readonly #secrets: readonly string[];
  readonly #listener: ConnectionListener;
  readonly #isSharded: boolean;
  #failure: BroadcastError | undefined;
  readonly #takers = new Map<OnMessage, OnMessage>();
  /** Whether nothing has come since the last PING. */
  #isQuiet = false;
  #timer: NodeJS.Timeout | undefined;
  #immediate: NodeJS.Immediate | undefined;

  /** With `isSharded`, channels are the sharded ones of Redis 7.0, which belong to the slot of their name. */
  constructor(dial: Dial, times: ConnectionTimes, listener: ConnectionListener, isSharded = false) {
    this.#times = times;
    this.#secrets = [...times.secrets, ...dial.secrets];
    this.#listener = listener;
    this.#isSharded = isSharded;
    this.#client = dial.client(times.connectTimeout);
    this.#client.on("error", (error) => this.#lose(reasonOf(error, this.#secrets)));
    this.#client.on("sharded-channel-moved", (channel: string) => listener.moved?.(channel));
  }

  /** @throws {BroadcastError} where the connection ended before it could be used. */
  async open(): Promise<void> {
    const { connectTimeout } = this.#times;
    const deadline = setTimeout(() => this.#lose(`no answer within ${connectTimeout} ms`), connectTimeout);
    try {
      await this.#client.connect();
    } catch (error) {
      this.#lose(reasonOf(error, this.#secrets));
    } finally {
      clearTimeout(deadline);
    }
    // A client that is destroyed while its socket connects goes on connecting, so it is destroyed again here.
    if (this.#failure !== undefined) this.#client.destroy();
    this.check();
    this.#ask();
  }

  /** @throws {BroadcastError} where Redis refused the command, or was lost before it answered. */
  async command(args: readonly string[]): Promise<Reply> {
    try {
      return await this.#send(args);
    } catch (error) {
      throw this.#failureOf(error);
    }
  }

  /**
   * Runs a script by its hash, and by its text where Redis doesn't know the hash; in that case nothing of it has run yet.
   */
  async run(script: Script, keys: readonly string[], args: readonly string[]): Promise<Reply> {
    const rest = [String(keys.length), ...keys, ...args];
    try {
      return await this.#send(["EVALSHA", script.sha, ...rest]);
    } catch (error) {
      if (!(error instanceof ErrorReply && error.message.startsWith("NOSCRIPT")))
        throw this.#failureOf(error);
      return await this.command(["EVAL", script.text, ...rest]);
    }
  }

  /** Resolves when Redis has subscribed the channel. `onMessage` gets what comes on the channel, until the end. */
  async subscribe(channel: string, onMessage: OnMessage): Promise<void> {
    const take = this.#takeFor(onMessage);
    await this.#pubSub(() =>
      this.#isSharded ? this.#client.sSubscribe(channel, take) : this.#client.subscribe(channel, take),
    );
  }

  async unsubscribe(channel: string): Promise<void> {
    await this.#pubSub(() =>
      this.#isSharded ? this.#client.sUnsubscribe(channel) : this.#client.unsubscribe(channel),
    );
  }

  get isOver(): boolean {
    return this.#failure !== undefined;
  }

  /** @throws {BroadcastError} after it has ended. */
  check(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Closes the connection. Calls under way reject with the failure. */
  close(failure: BroadcastError): void {
    this.#failure ??= failure;
    clearTimeout(this.#timer);
    clearImmediate(this.#immediate);
    this.#client.destroy();
  }

  /** One function for all channels of the same listener, of which there are many. */
  #takeFor(onMessage: OnMessage): OnMessage {
    const known = this.#takers.get(onMessage);
    if (known !== undefined) return known;
    const take: OnMessage = (message, channel) => {
      this.#isQuiet = false;
      if (this.#failure === undefined) onMessage(message, channel);
    };
    this.#takers.set(onMessage, take);
    return take;
  }

  async #send(args: readonly string[]): Promise<Reply> {
    const reply = await this.#client.sendCommand<Reply>(args);
    this.#isQuiet = false;
    return reply;
  }

  /** Runs a command of subscription. On a connection that has ended the client would queue it for ever. */
  async #pubSub(command: () => Promise<void>): Promise<void> {
    this.check();
    try {
      await command();
    } catch (error) {
      throw this.#failureOf(error);
    }
  }

  #failureOf(error: unknown): BroadcastError {
    const reason = reasonOf(error, this.#secrets);
    if (error instanceof ErrorReply) return this.#refusal(reason);
    return this.#failure ?? downFailure(reason);
  }

  /** The error for a refusal. A refusal is a sign of life, but a server that accepts no writes at all is given up. */
  #refusal(reason: string): BroadcastError {
    this.#isQuiet = false;
    if (/(^|-)(READONLY|LOADING|MASTERDOWN) /.test(reason)) this.#lose(reason);
    return refusedFailure(reason);
  }

  #lose(reason: string): void {
    if (this.#failure !== undefined) return;
    this.close(downFailure(reason));
    this.#listener.lost(reason);
  }

  /** Sends a PING and judges the connection after a while. Anything that came meanwhile is a sign of life. */
  #ask(): void {
    this.#isQuiet = true;
    this.command(["PING"]).catch(() => undefined);
    // What came in while this process was busy is read before the immediate runs.
    this.#timer = setTimeout(() => {
      this.#immediate = setImmediate(() => this.#judge());
    }, this.#times.pingInterval);
  }

  #judge(): void {
    if (this.#isQuiet) this.#lose(`no answer to PING within ${this.#times.pingInterval} ms`);
    else this.#ask();
  }
}
