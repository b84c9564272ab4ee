import { setMaxListeners } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { Application, DrainingReason } from "@ws/events";
import type { ReceivedRequest } from "../http/request/received-request.js";
import type { Rejection } from "../http/request/rejection.js";
import type { Closing } from "../options/closing.js";
import type { ResolvedOptions } from "../options/options.js";
import { systemClock } from "../platform/system-clock.js";
import { runtimeCheck } from "../platform/tested-runtimes.js";
import { Lifespan } from "../session/lifespan.js";
import type { OpenWebSocket } from "../socket/adopted-transport.js";
import { Context } from "./context.js";
import { publish } from "./diagnostics.js";
import { RequestHandler } from "./request-handler.js";
import { UpgradeHandler } from "./upgrade-handler.js";

const clock = systemClock;

/** Runs an application for a server: starts it up, passes upgrades and requests to it, and closes them all at the end. */
export class Gateway {
  readonly #options: ResolvedOptions;
  readonly #lifespan: Lifespan;
  readonly #upgrades: UpgradeHandler;
  readonly #requests: RequestHandler;
  readonly #draining = new AbortController();
  /** Is called with every socket from which Node reads no further requests. */
  onHandOver: ((socket: Duplex) => void) | undefined;
  #isStarted = false;
  #starting: Promise<void> = Promise.resolve();
  #closing: Promise<void> | undefined;

  constructor(application: Application, options: ResolvedOptions) {
    this.#options = options;
    this.#lifespan = new Lifespan(application, clock, options.logger);
    const context = new Context(application, options, this.#lifespan.state);
    this.#upgrades = new UpgradeHandler(context, this.#draining.signal);
    this.#requests = new RequestHandler(context);
    // There may be as many listeners as there are connections.
    setMaxListeners(0, this.#draining.signal);
  }

  /** How many WebSocket connections are open. */
  get connections(): number {
    return this.#upgrades.open;
  }

  /**
   * Runs the start-up. `caller` is the function of ours that was given the application; an error names it.
   *
   * @throws {NotAnApplication} at once for a value that is no application; or the promise rejects with it.
   */
  startup(caller: string): Promise<void> {
    runtimeCheck.warn(this.#options.logger);
    this.#starting = this.#lifespan.startup(this.#options.startupTimeout, caller);
    return this.#starting.then(() => {
      this.#isStarted = true;
    });
  }

  /** Takes a socket whose request asks for a WebSocket; before the start-up is complete it gets 503. */
  upgrade(request: ReceivedRequest, socket: Duplex, head: Buffer): void {
    this.#upgrades.take(request, socket, head, this.#isStarted);
  }

  /**
   * Takes a socket whose handshake a server of `ws` has answered. Before the start-up is complete it is closed with 1013.
   */
  adopt(request: IncomingMessage, webSocket: OpenWebSocket): void {
    this.#upgrades.adopt(request, webSocket, this.#isStarted);
  }

  /** Answers a socket that no application wants. */
  refuse(socket: Duplex, head: Buffer, rejection: Rejection): void {
    this.#upgrades.refuse(socket, head, rejection);
  }

  /** Calls `go` when the responses to all earlier requests on a socket are complete. */
  inTurn(request: ReceivedRequest, socket: Duplex, head: Buffer, go: (early: Buffer) => void): void {
    this.#upgrades.inTurn(request, socket, head, (early) => {
      this.onHandOver?.(request.socket);
      go(early);
    });
  }

  /** Takes a request of Node's `http`. */
  request(request: IncomingMessage, response: ServerResponse): void {
    this.#requests.take(request, response);
  }

  /**
   * Closes every connection: tells the applications, sends the closes, waits for the grace, and destroys what is left. The
   * lifespan's shutdown comes last.
   */
  close(options: Closing): Promise<void> {
    this.#closing ??= this.#close(options);
    return this.#closing;
  }

  async #close({ grace, window, code, reason, signal }: Closing): Promise<void> {
    publish("ws.server.draining", { connections: this.connections });
    this.#draining.abort(Object.freeze<DrainingReason>({ window }));
    // Applications have one turn to react, so that a last message of theirs is sent before the close.
    await nextTurn();
    const over = deadline(window + grace, signal);
    const finish = this.#upgrades.endAll(code, reason, window);
    await Promise.race([Promise.all([this.#upgrades.empty(), this.#requests.empty()]), over.promise]);
    over.cancel();
    finish();
    this.#upgrades.cutOff();
    this.#requests.cutOff();
    // A socket that was destroyed reports its end only in the turn after the next.
    await nextTurn();
    await nextTurn();
    const left = this.#upgrades.size + this.#requests.size;
    if (left > 0) this.#options.logger.warn("applications still run after the grace", { left });
    // A start-up that is under way is completed first, so that it can be shut down.
    await this.#starting.catch(() => {});
    await this.#lifespan.shutdown(grace);
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => clock.nextTurn(resolve));
}

/** Resolves at the end of the grace, or earlier when the signal is aborted. */
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
