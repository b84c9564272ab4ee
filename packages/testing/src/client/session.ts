import { ConnectionClosed } from "@ws/events";
import { within } from "../driver/within.js";
import type { Client } from "../transports/client.js";
import type { Mailbox, SessionClose } from "./mailbox.js";
import type { Observed } from "./observed.js";
import { atMost, type WaitOptions } from "./wait.js";

/** What a session is made from. */
export interface SessionParts {
  readonly client: Client;
  readonly mailbox: Mailbox;
  readonly observed: Observed;
  /** How long a wait may take, in ms. */
  readonly timeout: number;
  /** Ends the server, where it was started only for this session. */
  readonly release: () => Promise<void>;
}

/** The client's side of one connection, for a test. */
export class TestSession {
  readonly #client: Client;
  readonly #mailbox: Mailbox;
  readonly #observed: Observed;
  readonly #timeout: number;
  readonly #release: () => Promise<void>;

  constructor({ client, mailbox, observed, timeout, release }: SessionParts) {
    this.#client = client;
    this.#mailbox = mailbox;
    this.#observed = observed;
    this.#timeout = timeout;
    this.#release = release;
  }

  /** The subprotocol that the application selected; `""` for none. */
  get subprotocol(): string {
    return this.#client.subprotocol;
  }

  /** The headers of the 101. */
  get headers(): Headers {
    return this.#client.headers;
  }

  /** Resolves with how the connection ended. */
  get closed(): Promise<SessionClose> {
    return within(this.#mailbox.closed, "a close", this.#timeout, () => this.#situation());
  }

  /** Resolves with the error that the application threw. That error is then not thrown again at the end of the test. */
  get thrown(): Promise<unknown> {
    return within(this.#observed.thrown(), "the application to throw", this.#timeout, () =>
      this.#situation(),
    );
  }

  sendText(text: string): Promise<void> {
    return this.#client.send(text);
  }

  sendBytes(bytes: Uint8Array): Promise<void> {
    return this.#client.send(bytes);
  }

  sendJson(value: unknown): Promise<void> {
    return this.#client.send(JSON.stringify(value));
  }

  /** Writes bytes to the socket, bypassing the protocol, for frames that no client library would send. */
  sendRaw(bytes: Uint8Array): void {
    this.#client.write(bytes);
  }

  /**
   * @throws the error of the application, if that ended the connection.
   * @throws {ConnectionClosed} when no message will come.
   * @throws {WaitTimeout} when none came in time.
   */
  async receiveText(options?: WaitOptions): Promise<string> {
    const message = await this.#next("a text", options);
    if (typeof message === "string") return message;
    throw new TypeError(`expected a text, got a binary message of ${message.length} bytes`);
  }

  /** As `receiveText`. */
  async receiveBytes(options?: WaitOptions): Promise<Uint8Array> {
    const message = await this.#next("a binary message", options);
    if (typeof message !== "string") return message;
    throw new TypeError(`expected a binary message, got the text ${JSON.stringify(message.slice(0, 200))}`);
  }

  /** As `receiveText`; the value is parsed from JSON. */
  async receiveJson(options?: WaitOptions): Promise<unknown> {
    const text = await this.receiveText(options);
    return JSON.parse(text);
  }

  /** Resolves when no message has come for so many ms and the connection is still open. */
  async receiveNothing(milliseconds: number): Promise<void> {
    const quiet = Symbol();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const silence = new Promise<typeof quiet>((resolve) => {
      timer = setTimeout(() => resolve(quiet), milliseconds);
    });
    const first = await Promise.race([this.#mailbox.arrival(), silence]);
    clearTimeout(timer);
    if (first !== quiet) throw new Error(`expected nothing for ${milliseconds} ms; ${this.#situation()}`);
  }

  /** Stops reading, as a slow client does. */
  pause(): void {
    this.#client.pause();
  }

  resume(): void {
    this.#client.resume();
  }

  /** Closes and waits for the server's answer. */
  async close(code = 1000, reason = ""): Promise<SessionClose> {
    this.#client.close(code, reason);
    return await this.closed;
  }

  /** Drops the connection without a close frame, as a crash would. */
  terminate(): void {
    this.#client.terminate();
  }

  /** Closes, ends the application, and throws its error, unless the test has seen that already. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#client.resume();
    this.#client.close(1000, "");
    // The application should see a clean close. A server that does not read cannot answer, so the wait is bounded.
    await atMost(this.#mailbox.closed, 1_000);
    await this.#release();
    this.#client.terminate();
    this.#rethrow();
  }

  async #next(
    what: string,
    { timeout = this.#timeout, signal }: WaitOptions = {},
  ): Promise<string | Uint8Array> {
    for (;;) {
      signal?.throwIfAborted();
      const message = this.#mailbox.take();
      if (message !== undefined) return message;
      const { end } = this.#mailbox;
      if (end !== undefined) {
        this.#rethrow();
        throw new ConnectionClosed({ ...end, initiator: end.wasClean ? "server" : "network" });
      }
      await within(aborted(this.#mailbox.arrival(), signal), what, timeout, () => this.#situation());
    }
  }

  #rethrow(): void {
    const thrown = this.#observed.take();
    if (thrown !== undefined) throw thrown.error;
  }

  #situation(): string {
    const { end, size } = this.#mailbox;
    if (size > 0) return `${size} messages wait to be received`;
    return end === undefined ? "the connection is open" : `the connection was closed with ${end.code}`;
  }
}

/** Waits for `promise`, and rejects when the signal is aborted first. */
async function aborted(promise: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (signal === undefined) return await promise;
  let onAbort!: () => void;
  const abort = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });
  });
  try {
    await Promise.race([promise, abort]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
