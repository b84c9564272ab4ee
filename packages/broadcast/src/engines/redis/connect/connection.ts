import type { BroadcastError } from "../../../engine/broadcast-error.js";
import { type Client, type Dial, ErrorReply } from "./client.js";
import { downFailure, refusedFailure } from "./failure.js";
import type { RedisSettings } from "./options.js";
import { reasonOf } from "./reason.js";
import type { Script } from "./script.js";

/** What Redis answers: text, whole numbers, nothing, and lists and maps of these. */
export type Reply = string | number | null | readonly Reply[] | { readonly [field: string]: Reply };

export type OnMessage = (message: string, channel: string) => void;

/** What a connection tells whoever has opened it. */
export interface ConnectionListener {
  /** It has ended other than by `close`, and why; told once. */
  lost(reason: string): void;
  /** The server has ended a subscription of a sharded channel, whose slot lies on another node now. */
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
  /** Nothing was heard since the last PING. */
  #isQuiet = false;
  #timer: NodeJS.Timeout | undefined;
  #immediate: NodeJS.Immediate | undefined;

  /** Channels are sharded ones where that is said: Redis 7.0's, which lie in the slot of their name. */
  constructor(dial: Dial, times: ConnectionTimes, listener: ConnectionListener, isSharded = false) {
    this.#times = times;
    this.#secrets = [...times.secrets, ...dial.secrets];
    this.#listener = listener;
    this.#isSharded = isSharded;
    this.#client = dial.client(times.connectTimeout);
    this.#client.on("error", (error) => this.#lose(reasonOf(error, this.#secrets)));
    this.#client.on("sharded-channel-moved", (channel: string) => listener.moved?.(channel));
  }

  /** @throws {BroadcastError} when it ended before it could be used. */
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
    // A client that was destroyed while its socket connected went on connecting.
    if (this.#failure !== undefined) this.#client.destroy();
    this.check();
    this.#ask();
  }

  /** @throws {BroadcastError} when Redis refused it, or was lost before it answered. */
  async command(args: readonly string[]): Promise<Reply> {
    try {
      return await this.#send(args);
    } catch (error) {
      throw this.#failureOf(error);
    }
  }

  /** Runs a script by its name, and by its text where Redis doesn't know it: then nothing of it was run. */
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

  /** Resolves when Redis has subscribed it. `onMessage` is told what comes on the channel, until the end. */
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

  /** @throws {BroadcastError} once it has ended. */
  check(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** What is under way rejects with the failure. */
  close(failure: BroadcastError): void {
    this.#failure ??= failure;
    clearTimeout(this.#timer);
    clearImmediate(this.#immediate);
    this.#client.destroy();
  }

  /** One function for all channels of one who listens, which are many. */
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

  /** The client would queue these for a connection that never comes. */
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

  /** That it refuses something is a sign of life; one that takes no writes at all is of no use any more. */
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

  /** Asks for a sign of life, and judges after a while; anything that was heard is one. */
  #ask(): void {
    this.#isQuiet = true;
    this.command(["PING"]).catch(() => undefined);
    // What came in while this process was busy is read before the immediate.
    this.#timer = setTimeout(() => {
      this.#immediate = setImmediate(() => this.#judge());
    }, this.#times.pingInterval);
  }

  #judge(): void {
    if (this.#isQuiet) this.#lose(`no answer to PING within ${this.#times.pingInterval} ms`);
    else this.#ask();
  }
}
