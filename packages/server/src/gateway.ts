import { setMaxListeners } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import {
  type Application,
  CloseCode,
  ConnectionClosed,
  originCheck,
  type Scope,
  type WebSocketScope,
} from "@ws/events";
import { systemClock } from "./clock.js";
import { publish } from "./diagnostics.js";
import { Disconnect, webSocketExtensions } from "./extensions.js";
import { nodeExtension } from "./from-node.js";
import { readHandshake } from "./handshake.js";
import { HttpSession } from "./http-session.js";
import { Lifespan } from "./lifespan.js";
import { type CloseOptions, type ConnectionOptions, defaultGrace } from "./options.js";
import { PendingSocket } from "./pending-socket.js";
import { TrustedProxies } from "./proxy.js";
import { Rejection } from "./rejection.js";
import { type RequestHead, readHead } from "./request-head.js";
import { Roll } from "./roll.js";
import { httpScope, peerOf, webSocketScope } from "./scope.js";
import { Session } from "./session.js";
import { Upgrader, WsTransport } from "./ws-transport.js";

const clock = systemClock;
const retryLater = [["retry-after", "1"]] as const;

/** An application behind a door: takes upgrades and requests, counts them, and ends them all. */
export class Gateway {
  readonly #application: Application;
  readonly #options: ConnectionOptions;
  readonly #isAllowedOrigin: ReturnType<typeof originCheck>;
  readonly #proxies: TrustedProxies;
  readonly #upgrader: Upgrader;
  readonly #lifespan: Lifespan;
  readonly #draining = new AbortController();
  readonly #sessions: Roll<Session> = new Roll();
  readonly #requests: Roll<HttpSession> = new Roll();
  #isStarted = false;
  #pending = 0;
  #open = 0;
  #closing: Promise<void> | undefined;

  constructor(application: Application, options: ConnectionOptions) {
    this.#application = application;
    this.#options = options;
    this.#isAllowedOrigin = originCheck(options.allowedOrigins);
    this.#proxies = new TrustedProxies(options.trustedProxies);
    this.#upgrader = new Upgrader(options);
    this.#lifespan = new Lifespan(application, clock, options.logger);
    // As many may listen as there are connections.
    setMaxListeners(0, this.#draining.signal);
  }

  /** How many connections are open. */
  get connections(): number {
    return this.#open;
  }

  async startup(): Promise<void> {
    await this.#lifespan.startup(this.#options.startupTimeout);
    this.#isStarted = true;
  }

  /** Takes a socket that Node's `http` gave up. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const pending = new PendingSocket(socket, head, clock, this.#options.closeTimeout);
    const requestHead = readHead(request, this.#options);
    if (requestHead instanceof Rejection) return this.#reject(pending, requestHead);
    const subprotocols = readHandshake(requestHead, request.httpVersion, this.#isAllowedOrigin);
    if (subprotocols instanceof Rejection) return this.#reject(pending, subprotocols);
    const full = this.#full();
    if (full !== undefined) return this.#reject(pending, full);
    this.#connect(request, pending, requestHead, subprotocols);
  }

  /** Answers a socket that nobody wants. */
  refuse(socket: Duplex, head: Buffer, status: number): void {
    const pending = new PendingSocket(socket, head, clock, this.#options.closeTimeout);
    this.#reject(pending, new Rejection(status, "upgrade that nobody takes"));
  }

  /** Takes a request of Node's `http`. */
  request(request: IncomingMessage, response: ServerResponse): void {
    const session = new HttpSession(request, response);
    const head = readHead(request, this.#options);
    if (head instanceof Rejection) return session.fail(head.status);
    if (!this.#isStarted) return session.fail(503);
    const farEnd = this.#proxies.read(peerOf(request.socket), head.headers);
    const scope = httpScope({
      request,
      head,
      farEnd,
      rootPath: this.#options.rootPath,
      state: this.#lifespan.state,
      extensions: { [nodeExtension]: { request, response } },
    });
    const leave = this.#requests.enter(session, 1);
    void this.#answer(scope, session).finally(leave);
  }

  /** Ends every connection: tells of it, closes, waits for the grace, destroys; the lifespan's shutdown comes last. */
  close(options: CloseOptions = {}): Promise<void> {
    this.#closing ??= this.#close(options);
    return this.#closing;
  }

  async #close({
    grace = defaultGrace,
    code = CloseCode.ServiceRestart,
    signal,
  }: CloseOptions): Promise<void> {
    publish("ws.server.draining", { connections: this.#open });
    this.#draining.abort();
    // One turn for what applications do about it: a last message goes out before the close.
    await new Promise<void>((resolve) => clock.nextTurn(resolve));
    for (const session of this.#sessions) session.shut({ status: 503, code, initiator: "server" });
    const over = deadline(grace, signal);
    await Promise.race([Promise.all([this.#sessions.empty(), this.#requests.empty()]), over.promise]);
    over.cancel();
    for (const session of this.#sessions) session.terminate();
    for (const session of this.#requests) session.fail(503);
    const left = this.#sessions.size + this.#requests.size;
    if (left > 0) this.#options.logger.warn("applications still run after the grace", { left });
    await this.#lifespan.shutdown(grace);
  }

  /** Why nobody can come in now; `undefined` where somebody can. */
  #full(): Rejection | undefined {
    const { maxConnections, maxPendingHandshakes } = this.#options;
    if (this.#draining.signal.aborted) return new Rejection(503, "shutting down");
    if (!this.#isStarted) return new Rejection(503, "starting", retryLater);
    if (this.#pending >= maxPendingHandshakes)
      return new Rejection(503, "too many pending handshakes", retryLater);
    if (this.#open + this.#pending >= maxConnections)
      return new Rejection(503, "too many connections", retryLater);
    return undefined;
  }

  #reject(pending: PendingSocket, { status, reason, headers }: Rejection): void {
    pending.refuse(status, headers);
    this.#options.logger.debug("handshake refused", { status, reason });
    publish("ws.server.handshake.rejected", { status, reason });
  }

  #connect(
    request: IncomingMessage,
    pending: PendingSocket,
    head: RequestHead,
    offers: readonly string[],
  ): void {
    const id = nextId();
    const disconnect = new Disconnect();
    const farEnd = this.#proxies.read(peerOf(request.socket), head.headers);
    const { rootPath } = this.#options;
    const extensions = webSocketExtensions(id, disconnect, this.#draining.signal);
    const parts = { request, head, farEnd, rootPath, state: this.#lifespan.state, extensions };
    const scope = webSocketScope(parts, offers);
    const began = clock.now();
    let isOpen = false;
    this.#pending += 1;
    const transport = new WsTransport(this.#upgrader, request, pending);
    const session = new Session({
      transport,
      clock,
      limits: this.#options,
      subprotocols: offers,
      listener: {
        settled: () => {
          this.#pending -= 1;
        },
        opened: () => {
          isOpen = true;
          this.#open += 1;
          publish("ws.server.connection.open", { id, scope });
        },
        ended: (error) => {
          disconnect.end(error);
          if (!isOpen) return;
          this.#open -= 1;
          const { code, reason, wasClean, initiator } = error;
          const duration = clock.now() - began;
          publish("ws.server.connection.close", { id, scope, code, reason, wasClean, initiator, duration });
        },
        released: () => leave(),
      },
    });
    transport.listener = session;
    // It leaves when both its socket is closed and its application has ended.
    const leave = this.#sessions.enter(session, 2);
    void this.#serve(scope, session, id).finally(leave);
  }

  async #serve(scope: WebSocketScope, session: Session, id: string): Promise<void> {
    try {
      await this.#application(scope, session.receive, session.send);
    } catch (error) {
      // A connection that ended is nobody's fault.
      const isEnd = error instanceof ConnectionClosed && session.end !== undefined;
      if (!isEnd) this.#failed(id, scope, error);
      return session.shut({ status: 500, code: CloseCode.InternalError, initiator: "application" });
    }
    if (session.end === undefined && session.state !== "connected") {
      this.#options.logger.warn("the application returned before it answered the handshake", { id });
    }
    session.shut({ status: 403, code: CloseCode.NormalClosure, initiator: "application" });
  }

  async #answer(scope: Scope, session: HttpSession): Promise<void> {
    try {
      await this.#application(scope, session.receive, session.send);
      if (session.isComplete) return;
      this.#failed(nextId(), scope, new Error("the application returned before its response was complete"));
    } catch (error) {
      this.#failed(nextId(), scope, error);
    }
    session.fail(500);
  }

  #failed(id: string, scope: Scope, error: unknown): void {
    this.#options.logger.error("the application failed", { id, error });
    publish("ws.server.connection.error", { id, scope, error });
  }
}

let count = 0;
const epoch = Date.now().toString(36);

/** Names a connection in the log, and in no other process's. */
function nextId(): string {
  count += 1;
  return `${epoch}-${count.toString(36)}`;
}

/** The end of a grace, early when the signal says so. */
function deadline(
  grace: number,
  signal: AbortSignal | undefined,
): { promise: Promise<void>; cancel(): void } {
  let cancel = (): void => {};
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
