import { headers, type NatsConnection, PermissionViolationError } from "@nats-io/transport-node";
import { downError, reasonOf } from "./reason.js";
import { within } from "./within.js";

/** How long a server that is about to end may take to confirm what it was sent, in ms. */
const longestFlush = 1_000;

/**
 * One connection, as long as the server answers. When it ends, for whatever reason, its signal is aborted with the error
 * with which all calls under way reject. A link is never used again after that.
 */
export class Link {
  readonly connection: NatsConnection;
  readonly #loss = new AbortController();
  readonly #pings: NodeJS.Timeout;
  /** When the connection was made, in ms of `performance.now()`. */
  readonly since: number = performance.now();
  #flushing: Promise<void> | undefined;

  /** `refused` is told the subject that this user may not publish to, before the publishes to it are settled. */
  constructor(connection: NatsConnection, pingInterval: number, refused: (subject: string) => void) {
    this.connection = connection;
    this.#pings = setInterval(this.#ping(pingInterval), pingInterval);
    void this.#listen(refused);
    void connection.closed().then((error) => this.end(downError(this.#closing(error))));
  }

  /** A signal that is aborted when the link has ended. Its reason is a `BroadcastError`. */
  get signal(): AbortSignal {
    return this.#loss.signal;
  }

  /** The longest message that the server accepts now, in bytes; 0 after the connection was closed. */
  get maxPayload(): number {
    return this.connection.info?.max_payload ?? 0;
  }

  /**
   * Publishes to a subject, and never throws. A timer may fire after the client has closed the connection and before this
   * link knows of it: then nothing is sent, and the caller is rejected when the link ends. With a `key`, a stream recognizes
   * a message that is sent twice.
   */
  publish(subject: string, body: string, reply = "", key?: string): void {
    if (this.connection.isClosed()) return;
    if (key === undefined) return this.connection.publish(subject, body, { reply });
    const named = headers();
    named.set("Nats-Msg-Id", key);
    this.connection.publish(subject, body, { reply, headers: named });
  }

  /** Closes the connection at once, whatever is still buffered. A second call does nothing. */
  end(error: Error): void {
    if (this.signal.aborted) return;
    clearInterval(this.#pings);
    this.#loss.abort(error);
    void this.connection.close();
  }

  /**
   * Resolves when the server has received everything that was sent up to now. Calls of the same moment share one round trip.
   */
  flush(): Promise<void> {
    this.#flushing ??= this.ask(async () => {
      await Promise.resolve();
      this.#flushing = undefined;
      await this.connection.flush();
    });
    return this.#flushing;
  }

  /** Asks the server something, as long as the link lasts. Every failure is a `BroadcastError`. */
  async ask<T>(question: () => Promise<T>, ...signals: readonly AbortSignal[]): Promise<T> {
    try {
      return await within(question(), this.signal, ...signals);
    } catch (error) {
      const aborted = signals.find((signal) => signal.aborted) ?? this.signal;
      throw aborted.aborted ? aborted.reason : downError(reasonOf(error));
    }
  }

  /** Sends a ping at every tick, and ends the link where the previous ping was not answered. */
  #ping(interval: number): () => void {
    let isAnswered = true;
    const answered = (): void => {
      isAnswered = true;
    };
    const judge = (): void => {
      if (!isAnswered) return this.end(downError(`no answer to a ping within ${interval} ms`));
      isAnswered = false;
      // A closed connection is reported elsewhere.
      this.connection.flush().then(answered, answered);
    };
    // What came in while this process was busy is read before the immediate runs.
    return () => void setImmediate(judge);
  }

  async #listen(refused: (subject: string) => void): Promise<void> {
    for await (const status of this.connection.status()) {
      if (status.type === "ldm") void this.#leave();
      if (status.type !== "error" || !(status.error instanceof PermissionViolationError)) continue;
      if (status.error.operation === "publish") refused(status.error.subject);
    }
  }

  /**
   * The server is about to end and accepts no more connections. What was sent is confirmed, and then another server is used.
   */
  async #leave(): Promise<void> {
    const reason = `${this.connection.getServer()} is about to be shut down (lame duck mode)`;
    await within(this.connection.flush(), AbortSignal.timeout(longestFlush)).catch(() => {});
    // Callers whose messages have just been confirmed are told of that first.
    await new Promise(setImmediate);
    this.end(downError(reason));
  }

  #closing(error: unknown): string {
    return `${this.connection.getServer()} closed the connection${error instanceof Error ? `: ${reasonOf(error)}` : ""}`;
  }
}
