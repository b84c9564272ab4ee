import type { Application, FailedCall, WebSocketScope } from "@ws/events";
import { endings } from "./endings.js";
import { Lifespan } from "./lifespan.js";
import type { Limits } from "./limits.js";
import type { Logger } from "./logger.js";
import { type MemoryClient, MemoryConnection } from "./memory-connection.fixture.js";
import { run } from "./run.js";
import { Session } from "./session.js";
import type { Clock, TimerHandle } from "./timing/clock.js";
import { TimerQueue } from "./timing/timer-queue.js";

// A whole host without sockets: it passes what of the conformance suite is not about bytes. It is compiled without the types
// of Node: see tsconfig.session.json.

let turn = 0;

/** Time by what browsers, Deno, Bun and Cloudflare all have. */
const webClock: Clock = {
  now: () => performance.now(),
  setTimeout: (callback, milliseconds): TimerHandle => setTimeout(callback, milliseconds),
  clearTimeout: (timer) => clearTimeout(timer as number | undefined),
  unref: () => {},
  nextTurn: (callback) => {
    setTimeout(() => {
      turn += 1;
      callback();
    });
  },
  currentTurn: () => turn,
};

const silent: Logger = { debug() {}, info() {}, warn() {}, error() {} };

/** A connection whose socket is open or whose application runs. */
interface Entry {
  readonly session: Session;
  readonly transport: MemoryConnection;
  /** Ends the shutdown's wait for it, and what its application asked for before. */
  readonly over: Promise<unknown>;
  readonly kept: Promise<unknown>[];
}

/** What a client says in its handshake. */
export interface MemoryRequest extends Partial<Pick<WebSocketScope, "path" | "headers" | "subprotocols">> {}

/** Runs one application on connections in memory. */
export class MemoryHost {
  readonly #application: Application;
  readonly #limits: Limits;
  readonly #timers: TimerQueue = new TimerQueue(webClock);
  readonly #lifespan: Lifespan;
  readonly #draining = new AbortController();
  readonly #entries = new Set<Entry>();

  constructor(application: Application, limits: Limits) {
    this.#application = application;
    this.#limits = limits;
    this.#lifespan = new Lifespan(application, webClock, silent);
  }

  get connections(): number {
    return [...this.#entries].filter(({ session }) => session.closeState === undefined).length;
  }

  start(timeout = 60_000): Promise<void> {
    return this.#lifespan.startup(timeout);
  }

  /** Opens a connection, and calls the application for it. */
  connect(
    client: MemoryClient,
    { path = "/", headers = [], subprotocols = [] }: MemoryRequest = {},
  ): MemoryConnection {
    const transport = new MemoryConnection(client);
    const disconnecting = new AbortController();
    const kept: Promise<unknown>[] = [];
    let release!: () => void;
    let returns!: () => void;
    const onFailedCall = (failed: FailedCall): void =>
      webClock.nextTurn(() => {
        if (!failed.isTaken) session.end(endings.untakenCall);
      });
    const session: Session = new Session({
      handshake: transport,
      clock: webClock,
      timers: this.#timers,
      limits: this.#limits,
      subprotocols,
      listener: {
        onFailedCall,
        settled: () => {},
        opened: () => {},
        ended: (end) => disconnecting.abort(end.error),
        released: () => release(),
      },
    });
    const ends = [
      new Promise<void>((resolve) => {
        release = resolve;
      }),
      new Promise<void>((resolve) => {
        returns = resolve;
      }),
    ];
    const entry: Entry = { session, transport, kept, over: Promise.all(ends) };
    this.#entries.add(entry);
    void entry.over.then(() => this.#entries.delete(entry));
    const scope: WebSocketScope = {
      type: "websocket",
      asgi: { version: "3.0", specVersion: "2.5" },
      httpVersion: "1.1",
      scheme: "ws",
      path,
      rawPath: path,
      queryString: "",
      rootPath: "",
      headers,
      client: null,
      server: null,
      subprotocols,
      state: { ...this.#lifespan.state },
      extensions: {
        "websocket.http.response": {},
        "websocket.disconnect": { signal: disconnecting.signal },
        "websocket.draining": {
          signal: this.#draining.signal,
          waitUntil: (promise) => void kept.push(promise),
        },
        "websocket.connection": { id: "memory", onFailedCall },
      },
    };
    const call = (): Promise<void> => this.#application(scope, session.receive, session.send);
    run(call, session, { unanswered: () => {}, failed: () => {}, over: returns });
    return transport;
  }

  /** Tells the applications, closes every connection after the window, and destroys after the grace what is left. */
  async close(grace: number, window = 0): Promise<void> {
    this.#draining.abort({ window });
    const entries = [...this.#entries];
    const ending = entries.map(async ({ session, kept }) => {
      await atMost(window, Promise.allSettled(kept.length > 0 ? kept : [sleep(window / 2)]));
      session.end(endings.shutdown);
    });
    await Promise.all(ending);
    const over = Promise.all(entries.map((entry) => entry.over));
    await atMost(grace, over);
    for (const { session } of this.#entries) session.terminate();
    await atMost(grace, over);
    await this.#lifespan.shutdown(grace);
  }
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => webClock.setTimeout(resolve, milliseconds));
}

async function atMost(milliseconds: number, promise: Promise<unknown>): Promise<void> {
  await Promise.race([promise, sleep(milliseconds)]);
}
