import { randomBytes } from "node:crypto";
import { BroadcastError } from "../../engine/broadcast-error.js";
import type {
  Engine,
  EngineListener,
  History,
  Presence as Member,
  Past,
  Position,
} from "../../engine/engine.js";
import { RecentKeys } from "../../engine/recent-keys.js";
import { backoff } from "./connect/backoff.js";
import { dial } from "./connect/dial.js";
import { Names } from "./connect/names.js";
import type { NatsSettings } from "./connect/options.js";
import { downError, reasonOf } from "./connect/reason.js";
import { within } from "./connect/within.js";
import { readPast } from "./deliver/past.js";
import { Subscriptions } from "./deliver/subscriptions.js";
import { Heartbeats } from "./presence/heartbeats.js";
import { Presence } from "./presence/presence.js";
import { Sequencer } from "./publish/sequencer.js";
import { Session } from "./session/session.js";

/** How long the server has to note that this process leaves, in ms. */
const leaveTimeout = 250;

/**
 * The engine over NATS. Each connection has its session, and a session that was lost is dropped with everything in it:
 * messages that were published in it and not confirmed reject, and are never sent again. They may have been accepted
 * nevertheless: what had left this process when the server stopped answering is delivered if the server goes on.
 */
export class NatsEngine implements Engine {
  readonly name: string = "nats";
  readonly order: "publisher" = "publisher" as const;
  readonly isShared: boolean = true;
  readonly process: string = randomBytes(15).toString("hex");
  readonly #settings: NatsSettings;
  readonly #names: Names;
  readonly #sequencer: Sequencer = new Sequencer();
  readonly #heartbeats: Heartbeats;
  readonly #presence: Presence;
  readonly #subscriptions: Subscriptions;
  readonly #keys = new RecentKeys();
  readonly #closing = new AbortController();
  #session: Session | undefined;
  #whyDown: Error = downError("the engine was not started");
  #closed: Promise<void> | undefined;

  constructor(settings: NatsSettings) {
    this.#settings = settings;
    this.#names = new Names(settings.prefix);
    this.#heartbeats = new Heartbeats(this.process, this.#names);
    this.#presence = new Presence(this.#names, this.#heartbeats);
    this.#subscriptions = new Subscriptions(this.#names);
  }

  async start(listener: EngineListener, signal: AbortSignal): Promise<void> {
    try {
      this.#adopt(await this.#connect(listener, signal));
    } catch (error) {
      const aborted = [signal, this.#closing.signal].find((each) => each.aborted);
      if (aborted !== undefined) throw aborted.reason;
      const got = `expected a server at ${this.#settings.hosts}, got: ${reasonOf(error)}`;
      throw new BroadcastError("ERR_WS_ENGINE_UNREACHABLE", `nats: ${got}`);
    }
  }

  async publish(
    topic: string,
    payload: string,
    history: History | undefined,
    signal: AbortSignal,
    key?: string,
  ): Promise<Position> {
    const { streams, outbox } = this.#up();
    if (history === undefined) {
      const publish = (): Promise<Position> => outbox.publish({ topic, payload, stream: undefined }, signal);
      return await (key === undefined ? publish() : within(this.#keys.once(topic, key, publish), signal));
    }
    // All calls wait for the same promise, even after it is resolved, so that their order is kept.
    const stream = await within(streams.open(topic, history), signal);
    return await this.#up().outbox.publish({ topic, payload, stream, key }, signal);
  }

  async subscribe(
    topic: string,
    history: History | undefined,
    signal: AbortSignal,
  ): Promise<Position | undefined> {
    return await this.#subscriptions.add(this.#up(), topic, history, signal);
  }

  async unsubscribe(topic: string): Promise<void> {
    this.#subscriptions.remove(topic);
  }

  async head(
    topic: string,
    epoch: string,
    history: History | undefined,
    signal: AbortSignal,
  ): Promise<Position | undefined> {
    const { link, heads, streams } = this.#up();
    if (history === undefined) return await link.ask(() => heads.ask(topic, epoch, signal), signal);
    const { name } = await within(streams.open(topic, history), signal);
    const { epoch: current, last } = await link.ask(() => streams.state(name), signal);
    return { epoch: current, sequence: last };
  }

  async past(topic: string, after: Position, history: History, signal: AbortSignal): Promise<Past> {
    const session = this.#up();
    return await session.link.ask(() => readPast(session, topic, after, history, signal), signal);
  }

  async enter(topic: string, id: string, as: unknown): Promise<void> {
    this.#checkOpen();
    this.#presence.enter(topic, id, as);
  }

  async leave(topic: string, id: string): Promise<void> {
    this.#presence.leave(topic, id);
  }

  async members(topic: string, signal: AbortSignal): Promise<readonly Member[]> {
    const session = this.#up();
    return await session.link.ask(() => this.#presence.members(session, topic, signal), signal);
  }

  /**
   * Says something to all processes. The other processes are known a second after the connection was made, when they have
   * answered its hello.
   */
  async say(text: string, signal: AbortSignal): Promise<number> {
    const { link } = this.#up();
    link.publish(this.#names.control, text);
    await within(link.flush(), signal);
    return this.#heartbeats.others().size + 1;
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    this.#subscriptions.interrupt();
    const session = this.#session;
    if (session !== undefined) {
      const leave = (): Promise<void> => {
        this.#heartbeats.leave(session);
        return session.link.flush();
      };
      await session.link.ask(leave, AbortSignal.timeout(leaveTimeout)).catch(() => {});
    }
    this.#closing.abort(closedError());
  }

  #checkOpen(): void {
    if (this.#closed !== undefined) throw closedError();
  }

  #up(): Session {
    this.#checkOpen();
    if (this.#session === undefined) throw this.#whyDown;
    return this.#session;
  }

  /** Makes a session that is not in use yet. It ends with the engine. */
  async #connect(listener: EngineListener, signal: AbortSignal): Promise<Session> {
    const { signal: closing } = this.#closing;
    const connection = await dial(this.#settings.connection, AbortSignal.any([signal, closing]));
    const { replicas, pingInterval } = this.#settings;
    const session = new Session(connection, listener, {
      names: this.#names,
      sequencer: this.#sequencer,
      heartbeats: this.#heartbeats,
      replicas,
      pingInterval,
    });
    const { link } = session;
    closing.addEventListener("abort", () => link.end(closing.reason), { signal: link.signal });
    try {
      this.#heartbeats.attach(session);
      this.#presence.attach(session);
      session.heads.attach();
      link.connection.subscribe(this.#names.control, {
        callback: (error, message) => {
          // A user that may not listen to the control subject has to do without it. Topics are not affected.
          if (error === null) listener.heard(message.string());
        },
      });
      await within(link.flush(), signal, closing);
      return session;
    } catch (error) {
      link.end(downError(reasonOf(error)));
      throw error;
    }
  }

  #adopt(session: Session): void {
    const { signal } = session.link;
    signal.throwIfAborted();
    this.#session = session;
    signal.addEventListener("abort", () => this.#lost(session));
  }

  #lost({ link, listener }: Session): void {
    const error: Error = link.signal.reason;
    this.#session = undefined;
    this.#whyDown = error;
    this.#subscriptions.interrupt();
    if (this.#closed !== undefined) return;
    listener.down(error.message);
    void this.#reconnect(listener);
  }

  async #reconnect(listener: EngineListener): Promise<void> {
    const { signal } = this.#closing;
    for (let attempt = 0; !signal.aborted; attempt += 1) {
      try {
        await backoff(attempt, signal);
        const session = await this.#connect(listener, signal);
        this.#adopt(session);
        listener.up();
        return this.#subscriptions.resume(session);
      } catch {
        // It is tried again, until the engine is closed.
      }
    }
  }
}

function closedError(): BroadcastError {
  return new BroadcastError(
    "ERR_WS_BROADCAST_CLOSED",
    "nats: expected an engine that is open, got one that was closed",
  );
}
