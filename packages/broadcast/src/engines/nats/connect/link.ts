import { headers, type NatsConnection, PermissionViolationError } from "@nats-io/transport-node";
import { downError, reasonOf } from "./reason.js";
import { within } from "./within.js";

/** How long a server that is about to end may take to confirm what it was sent, in ms. */
const longestFlush = 1_000;

/**
 * One connection, for as long as the server answers. When it ends, for whatever reason, its signal is aborted with the
 * error that all that is under way rejects with; there is no second life.
 */
export class Link {
  readonly connection: NatsConnection;
  readonly #loss = new AbortController();
  readonly #pings: NodeJS.Timeout;
  /** When the connection was made, on `performance.now()`'s clock. */
  readonly since: number = performance.now();
  #flushing: Promise<void> | undefined;

  /** `refused` is told of a subject that this user may not publish to, before what was published there is settled. */
  constructor(connection: NatsConnection, pingInterval: number, refused: (subject: string) => void) {
    this.connection = connection;
    this.#pings = setInterval(this.#ping(pingInterval), pingInterval);
    void this.#listen(refused);
    void connection.closed().then((error) => this.end(downError(this.#closing(error))));
  }

  /** Aborted when the link has ended; its reason is a `BroadcastError`. */
  get signal(): AbortSignal {
    return this.#loss.signal;
  }

  /** What the server takes as one message now, in bytes; 0 once the connection is closed, when it takes nothing. */
  get maxPayload(): number {
    return this.connection.info?.max_payload ?? 0;
  }

  /**
   * Publishes to a subject. A timer may fire after the client has closed the connection and before this link has heard of
   * it: then nothing is sent, and whoever waits for an answer is rejected when the link ends. Never throws. By its `key` a
   * stream knows a message that comes again.
   */
  publish(subject: string, body: string, reply = "", key?: string): void {
    if (this.connection.isClosed()) return;
    if (key === undefined) return this.connection.publish(subject, body, { reply });
    const named = headers();
    named.set("Nats-Msg-Id", key);
    this.connection.publish(subject, body, { reply, headers: named });
  }

  /** Lets go of the connection at once, whatever it still holds. Again, it does nothing. */
  end(error: Error): void {
    if (this.signal.aborted) return;
    clearInterval(this.#pings);
    this.#loss.abort(error);
    void this.connection.close();
  }

  /** Resolves when the server has taken all that was sent up to now; callers of one moment share the round trip. */
  flush(): Promise<void> {
    this.#flushing ??= this.ask(async () => {
      await Promise.resolve();
      this.#flushing = undefined;
      await this.connection.flush();
    });
    return this.#flushing;
  }

  /** What is asked of the server, as long as there is one: every failure is a `BroadcastError`. */
  async ask<T>(question: () => Promise<T>, ...signals: readonly AbortSignal[]): Promise<T> {
    try {
      return await within(question(), this.signal, ...signals);
    } catch (error) {
      const aborted = signals.find((signal) => signal.aborted) ?? this.signal;
      throw aborted.aborted ? aborted.reason : downError(reasonOf(error));
    }
  }

  /** Each tick ends the link if the ping of the one before was not answered, and pings again. */
  #ping(interval: number): () => void {
    let isAnswered = true;
    const answered = (): void => {
      isAnswered = true;
    };
    const judge = (): void => {
      if (!isAnswered) return this.end(downError(`no answer to a ping within ${interval} ms`));
      isAnswered = false;
      // A connection that is closed is told of by itself.
      this.connection.flush().then(answered, answered);
    };
    // What came in while this process was busy is read before the immediate.
    return () => void setImmediate(judge);
  }

  async #listen(refused: (subject: string) => void): Promise<void> {
    for await (const status of this.connection.status()) {
      if (status.type === "ldm") void this.#leave();
      if (status.type !== "error" || !(status.error instanceof PermissionViolationError)) continue;
      if (status.error.operation === "publish") refused(status.error.subject);
    }
  }

  /** The server is about to end, and takes no more connections: what was sent is confirmed, and then another is used. */
  async #leave(): Promise<void> {
    const reason = `${this.connection.getServer()} is about to be shut down (lame duck mode)`;
    await within(this.connection.flush(), AbortSignal.timeout(longestFlush)).catch(() => {});
    // Whoever waits for what has just been confirmed is told of that first.
    await new Promise(setImmediate);
    this.end(downError(reason));
  }

  #closing(error: unknown): string {
    return `${this.connection.getServer()} closed the connection${error instanceof Error ? `: ${reasonOf(error)}` : ""}`;
  }
}
