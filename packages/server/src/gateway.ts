import { setMaxListeners } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { Application } from "@ws/events";
import { systemClock } from "./clock.js";
import type { Closing } from "./closing.js";
import { Context } from "./context.js";
import { publish } from "./diagnostics.js";
import { Lifespan } from "./lifespan.js";
import type { ConnectionOptions } from "./options.js";
import { Requests } from "./requests.js";
import { Upgrades } from "./upgrades.js";

const clock = systemClock;

/** An application behind a door: starts it, lets upgrades and requests in, and ends them all. */
export class Gateway {
  readonly #options: ConnectionOptions;
  readonly #lifespan: Lifespan;
  readonly #upgrades: Upgrades;
  readonly #requests: Requests;
  readonly #draining = new AbortController();
  #isStarted = false;
  #starting: Promise<void> = Promise.resolve();
  #closing: Promise<void> | undefined;

  constructor(application: Application, options: ConnectionOptions) {
    this.#options = options;
    this.#lifespan = new Lifespan(application, clock, options.logger);
    const context = new Context(application, options, this.#lifespan.state);
    this.#upgrades = new Upgrades(context, this.#draining.signal);
    this.#requests = new Requests(context);
    // As many may listen as there are connections.
    setMaxListeners(0, this.#draining.signal);
  }

  /** How many WebSocket connections are open. */
  get connections(): number {
    return this.#upgrades.open;
  }

  async startup(): Promise<void> {
    this.#starting = this.#lifespan.startup(this.#options.startupTimeout);
    await this.#starting;
    this.#isStarted = true;
  }

  /** Takes a socket that Node's `http` gave up; before the start-up is complete it gets 503. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.#upgrades.take(request, socket, head, this.#isStarted);
  }

  /** Answers a socket that nobody wants. */
  refuse(socket: Duplex, head: Buffer, status: number): void {
    this.#upgrades.refuse(socket, head, status);
  }

  /** Takes a request of Node's `http`. */
  request(request: IncomingMessage, response: ServerResponse): void {
    this.#requests.take(request, response);
  }

  /**
   * Ends every connection: tells of it, closes, waits for the grace, destroys; the lifespan's shutdown comes last.
   */
  close(options: Closing): Promise<void> {
    this.#closing ??= this.#close(options);
    return this.#closing;
  }

  async #close({ grace, window, code, signal }: Closing): Promise<void> {
    publish("ws.server.draining", { connections: this.connections });
    this.#draining.abort();
    // One turn for what applications do about it: a last message goes out before the close.
    await nextTurn();
    const over = deadline(window + grace, signal);
    const finish = this.#upgrades.shut(code, window);
    await Promise.race([Promise.all([this.#upgrades.empty(), this.#requests.empty()]), over.promise]);
    over.cancel();
    finish();
    this.#upgrades.cutOff();
    this.#requests.cutOff();
    // What was destroyed tells of its end in the turn after the next.
    await nextTurn();
    await nextTurn();
    const left = this.#upgrades.size + this.#requests.size;
    if (left > 0) this.#options.logger.warn("applications still run after the grace", { left });
    // What is starting up starts up, so that it can be shut down.
    await this.#starting.catch(() => {});
    await this.#lifespan.shutdown(grace);
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => clock.nextTurn(resolve));
}

/** The end of a grace, early when the signal says so. */
function deadline(
  grace: number,
  signal: AbortSignal | undefined,
): { readonly promise: Promise<void>; readonly cancel: () => void } {
  let cancel!: () => void;
  const promise = new Promise<void>((resolve) => {
    const timer = clock.setTimeout(resolve, grace);
    const onAbort = (): void => resolve();
    cancel = () => {
      clock.clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
    };
    if (signal?.aborted) resolve();
    else signal?.addEventListener("abort", onAbort, { once: true });
  });
  return { promise, cancel };
}
