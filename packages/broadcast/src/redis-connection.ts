import { createClient, ErrorReply } from "@redis/client";
import type { BroadcastError } from "./broadcast-error.js";
import { downFailure, refusedFailure } from "./redis-failure.js";
import type { RedisSettings } from "./redis-options.js";
import { reasonOf } from "./redis-reason.js";
import type { Script } from "./redis-script.js";

/** What Redis answers: text, whole numbers, nothing, and lists and maps of these. */
export type Reply = string | number | null | readonly Reply[] | { readonly [field: string]: Reply };

export type OnMessage = (message: string, channel: string) => void;

type Client = ReturnType<typeof clientOf>;

/**
 * Nothing of the client's own recovery: it would queue what is sent while Redis is away, and tell nobody when
 * subscriptions were interrupted. A client is used for one connection and thrown away.
 */
function clientOf({ url, connectTimeout }: RedisSettings) {
  return createClient({
    url,
    RESP: 3,
    socket: { connectTimeout, reconnectStrategy: false },
    disableOfflineQueue: true,
    maintNotifications: "disabled",
    // By default every command is given a timer; what is asked here has the signal of its caller.
    commandOptions: { timeout: 0 },
  });
}

/** One connection to Redis, from its opening to its end; the only file that knows the client. */
export class RedisConnection {
  readonly #client: Client;
  readonly #settings: RedisSettings;
  readonly #onLost: (reason: string) => void;
  #failure: BroadcastError | undefined;
  #onMessage: OnMessage | undefined;
  /** Nothing was heard since the last PING. */
  #isQuiet = false;
  #timer: NodeJS.Timeout | undefined;
  #immediate: NodeJS.Immediate | undefined;

  /** `onLost` is told why, once, when it ends other than by `close`. */
  constructor(settings: RedisSettings, onLost: (reason: string) => void) {
    this.#settings = settings;
    this.#onLost = onLost;
    this.#client = clientOf(settings);
    this.#client.on("error", (error) => this.#lose(reasonOf(error, settings.secrets)));
  }

  /** @throws {BroadcastError} when it ended before it could be used. */
  async open(): Promise<void> {
    const { connectTimeout } = this.#settings;
    const deadline = setTimeout(() => this.#lose(`no answer within ${connectTimeout} ms`), connectTimeout);
    try {
      await this.#client.connect();
    } catch (error) {
      this.#lose(reasonOf(error, this.#settings.secrets));
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

  /** Resolves when Redis has subscribed it. `onMessage` is told what comes on any channel, until the end. */
  async subscribe(channel: string, onMessage: OnMessage): Promise<void> {
    this.#onMessage = onMessage;
    await this.#pubSub(() => this.#client.subscribe(channel, this.#take));
  }

  async unsubscribe(channel: string): Promise<void> {
    await this.#pubSub(() => this.#client.unsubscribe(channel, this.#take));
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

  readonly #take = (message: string, channel: string): void => {
    this.#isQuiet = false;
    if (this.#failure === undefined) this.#onMessage?.(message, channel);
  };

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
    const reason = reasonOf(error, this.#settings.secrets);
    if (error instanceof ErrorReply) return refusedFailure(reason);
    return this.#failure ?? downFailure(reason);
  }

  #lose(reason: string): void {
    if (this.#failure !== undefined) return;
    this.close(downFailure(reason));
    this.#onLost(reason);
  }

  /** Asks for a sign of life, and judges after a while; anything that was heard is one. */
  #ask(): void {
    const { pingInterval } = this.#settings;
    this.#isQuiet = true;
    this.command(["PING"]).catch(() => undefined);
    // What came in while this process was busy is read before the immediate.
    this.#timer = setTimeout(() => {
      this.#immediate = setImmediate(() => this.#judge());
    }, pingInterval);
  }

  #judge(): void {
    if (this.#isQuiet) this.#lose(`no answer to PING within ${this.#settings.pingInterval} ms`);
    else this.#ask();
  }
}
