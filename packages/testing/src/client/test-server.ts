import type { Duplex } from "node:stream";
import type { WebSocketConstructor } from "@ws/client";
import type { Application } from "@ws/events";
import { type CloseOptions, type ConnectionOptions, defaults, type Logger } from "@ws/server";
import { within } from "../driver/within.js";
import { Network } from "../network/network.js";
import type { Client, HandshakeOptions } from "../transports/client.js";
import { memory } from "../transports/memory.js";
import type { Endpoint, TestTransport } from "../transports/transport.js";
import { openClient } from "./client.js";
import { HandshakeRejected } from "./handshake-rejected.js";
import { Mailbox } from "./mailbox.js";
import { Observed } from "./observed.js";
import { TestSession } from "./session.js";
import { defaultTimeout } from "./wait.js";
import { webSocketClass } from "./web-socket.js";

const { logger: standardError } = defaults;

/** Options of a connection. */
export interface ConnectOptions extends HandshakeOptions {
  /** How long each wait may take, in ms; by default the value of the variable `WS_TESTING_TIMEOUT`, or 5,000. */
  readonly timeout?: number | undefined;
  /** Ends the attempt and destroys the socket, as a client that leaves does. */
  readonly signal?: AbortSignal | undefined;
}

/** Options of the server of a test. */
export interface TestServerOptions extends Partial<ConnectionOptions> {
  /** `memory` by default. */
  readonly transport?: TestTransport;
}

/** An application on a server, for any number of sessions. Made by `start`. */
export class TestServer {
  readonly #endpoint: Endpoint;
  readonly #observed: Observed;
  /** The network between the server and the sockets of `WebSocket`. It can be cut, stalled, delayed and taken down. */
  readonly network: Network;
  /**
   * A class of sockets with the DOM's interface that connect to this server, whatever host they name: for `@ws/client` and
   * the like.
   */
  readonly WebSocket: WebSocketConstructor;

  constructor(endpoint: Endpoint, observed: Observed) {
    this.#endpoint = endpoint;
    this.#observed = observed;
    this.network = new Network(() => endpoint.dial());
    this.WebSocket = webSocketClass(endpoint.url, () => this.network.dial());
  }

  /** The base of its addresses, such as `ws://localhost`. */
  get url(): string {
    return this.#endpoint.url;
  }

  /** How many connections are open. */
  get connections(): number {
    return this.#endpoint.connections;
  }

  /** @throws {HandshakeRejected} for any answer but 101. */
  connect(path: string, options: ConnectOptions = {}): Promise<TestSession> {
    return this.open(path, options, async () => {});
  }

  /** As `connect`. `release` is called when the session is disposed of. */
  async open(path: string, options: ConnectOptions, release: () => Promise<void>): Promise<TestSession> {
    const { timeout = defaultTimeout(), signal } = options;
    const mailbox = new Mailbox();
    const leaving = new AbortController();
    const leave = (): void => leaving.abort();
    signal?.addEventListener("abort", leave, { once: true });
    try {
      const opening = this.#openClient(path, options, mailbox, leaving.signal);
      const client = await within(opening, "an answer to the handshake", timeout);
      return new TestSession({ client, mailbox, observed: this.#observed, timeout, release });
    } catch (error) {
      leave();
      const thrown = this.#observed.take();
      if (error instanceof HandshakeRejected && thrown !== undefined) {
        throw new HandshakeRejected(error, { cause: thrown.error });
      }
      throw error;
    } finally {
      signal?.removeEventListener("abort", leave);
    }
  }

  #openClient(
    path: string,
    options: HandshakeOptions,
    mailbox: Mailbox,
    leaving: AbortSignal,
  ): Promise<Client> {
    const endpoint = this.#endpoint;
    if (endpoint.open !== undefined) return endpoint.open(path, options, mailbox, leaving);
    const socket = endpoint.dial();
    leaving.addEventListener("abort", () => socket.destroy(), { once: true });
    return openClient(endpoint.url + path, socket, options, mailbox);
  }

  /** Opens a socket to the server, for a test that writes bytes itself. */
  dial(): Duplex {
    return this.#endpoint.dial();
  }

  /** Writes a request and returns everything that came back until the server closed, as latin-1. */
  async request(bytes: string | Uint8Array, timeout: number = defaultTimeout()): Promise<string> {
    const socket = this.#endpoint.dial();
    let answer = "";
    const closed = new Promise<void>((resolve) => {
      socket.on("data", (chunk: Buffer) => {
        answer += chunk.toString("latin1");
      });
      // A reset after the answer ends it as well.
      for (const event of ["end", "close", "error"]) socket.on(event, () => resolve());
    });
    socket.write(bytes);
    await within(closed, "an answer", timeout, () => `so far ${JSON.stringify(answer.slice(0, 200))}`);
    socket.destroy();
    return answer;
  }

  /** Resolves with an error that an application threw. */
  thrown(timeout: number = defaultTimeout()): Promise<unknown> {
    return within(this.#observed.thrown(), "the application to throw", timeout);
  }

  close(options?: CloseOptions): Promise<void> {
    return this.#endpoint.close(options);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close({ grace: 1_000 });
    const thrown = this.#observed.take();
    if (thrown !== undefined) throw thrown.error;
  }
}

/** A logger that writes every warning and error to standard error, except errors that the test sees anyway. */
function surfacing(observed: Observed): Logger {
  return {
    ...standardError,
    error: (message, fields = {}) => {
      if (!observed.knows(fields["error"])) standardError.error(message, fields);
    },
  };
}

/** Starts an application. When it resolves, the start-up of the lifespan is complete. */
export async function start(application: Application, options: TestServerOptions = {}): Promise<TestServer> {
  const observed = new Observed(application);
  const { transport = memory, logger = surfacing(observed), ...serverOptions } = options;
  const endpoint = await transport.start(observed.application, { ...serverOptions, logger });
  return new TestServer(endpoint, observed);
}

/**
 * Starts an application for one session, and connects. Disposing of the session ends both.
 *
 * @throws {HandshakeRejected} for any answer but 101.
 */
export async function connect(
  application: Application,
  path: string,
  options: ConnectOptions & { readonly server?: TestServerOptions } = {},
): Promise<TestSession> {
  const server = await start(application, options.server);
  const release = (): Promise<void> => server.close({ grace: 1_000 });
  try {
    return await server.open(path, options, release);
  } catch (error) {
    await release();
    throw error;
  }
}
