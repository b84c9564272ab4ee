import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { CloseCode, ConnectionClosed, originCheck, type WebSocketScope } from "@ws/events";
import { Alarms } from "./alarm.js";
import { Books } from "./books.js";
import { type Clock, systemClock } from "./clock.js";
import { ConnectionRecord } from "./connection-record.js";
import { type Context, nextId } from "./context.js";
import { publish } from "./diagnostics.js";
import { Drain } from "./drain.js";
import { Disconnect, webSocketExtensions } from "./extensions.js";
import { readHandshake } from "./handshake.js";
import { PendingSocket } from "./pending-socket.js";
import { Rejection } from "./rejection.js";
import { type RequestHead, readHead } from "./request-head.js";
import { Roll } from "./roll.js";
import { peerOf, webSocketScope } from "./scope.js";
import { Session } from "./session.js";
import { Upgrader } from "./ws-socket.js";
import { WsTransport } from "./ws-transport.js";

const clock: Clock = systemClock;
const retryLater = [["retry-after", "1"]] as const;
/**
 * Every socket that somebody took in this turn, in the whole process: all listeners of a server are given the same one,
 * one after the other.
 */
const taken: Map<Duplex, Session | undefined> = new Map();

function take(socket: Duplex, session: Session | undefined): void {
  if (taken.size === 0) clock.nextTurn(() => taken.clear());
  taken.set(socket, session);
}

/** The WebSocket connections of the application, from their handshakes on. */
export class Upgrades {
  readonly #context: Context;
  readonly #isAllowedOrigin: ReturnType<typeof originCheck>;
  readonly #upgrader: Upgrader;
  readonly #books: Books;
  readonly #alarms: Alarms = new Alarms(clock);
  /** Sockets that were refused and are not closed yet. */
  readonly #refused: Roll<PendingSocket> = new Roll();
  /** Aborted when the server begins to shut down; one object for every scope. */
  readonly #draining: { readonly signal: AbortSignal };

  constructor(context: Context, draining: AbortSignal) {
    this.#context = context;
    this.#books = new Books(clock, context.options);
    this.#isAllowedOrigin = originCheck(context.options.allowedOrigins);
    this.#upgrader = new Upgrader(context.options);
    this.#draining = Object.freeze({ signal: draining });
  }

  /** How many are open. */
  get open(): number {
    return this.#books.open;
  }

  /** How many have a socket or an application that has not ended. */
  get size(): number {
    return this.#books.sessions.size;
  }

  /** Resolves when all sockets are closed and all their applications have ended. */
  async empty(): Promise<void> {
    await this.#books.sessions.empty();
    await this.#refused.empty();
  }

  /** Takes a socket that Node's `http` gave up. `isReady` says whether the application can be called yet. */
  take(request: IncomingMessage, socket: Duplex, head: Buffer, isReady: boolean): void {
    if (taken.has(socket)) return this.#contest(taken.get(socket));
    const pending = this.#pend(socket, head);
    this.#context.proxies.strip(peerOf(request.socket), request);
    const requestHead = readHead(request, this.#context.options);
    if (requestHead instanceof Rejection) return this.#reject(pending, requestHead);
    const offers = readHandshake(requestHead, request.httpVersion, this.#isAllowedOrigin);
    if (offers instanceof Rejection) return this.#reject(pending, offers);
    const full = this.#full(isReady);
    if (full !== undefined) return this.#reject(pending, full);
    this.#connect(request, pending, requestHead, offers);
  }

  /** Answers a socket that nobody wants; one that somebody has is left to it. */
  refuse(socket: Duplex, head: Buffer, status: number): void {
    if (taken.has(socket)) return;
    this.#reject(this.#pend(socket, head), new Rejection(status, "upgrade that nobody takes"));
  }

  /**
   * Ends all in good order, those that are open over `window` ms. Returns the function that ends at once what is left.
   */
  shut(code: number, window: number): () => void {
    const [open, rest] = [[] as Session[], [] as Session[]];
    for (const session of this.#books.sessions) (session.state === "connected" ? open : rest).push(session);
    const end = (session: Session): void => session.shut({ status: 503, code, initiator: "server" });
    for (const session of rest) end(session);
    const drain = new Drain(clock, open, window, end);
    return () => drain.finish();
  }

  /** The grace is over. */
  cutOff(): void {
    for (const session of this.#books.sessions) session.terminate();
    for (const pending of this.#refused) pending.socket.destroy();
  }

  /** Two applications would write on one socket: neither gets it, so that the mistake shows at once. */
  #contest(session: Session | undefined): void {
    this.#context.options.logger.error("two listeners took one upgrade: give each its own paths");
    session?.shut({ status: 500, code: CloseCode.InternalError, initiator: "application" });
  }

  #pend(socket: Duplex, head: Buffer): PendingSocket {
    take(socket, undefined);
    return new PendingSocket(socket, head, clock, this.#context.options.closeTimeout);
  }

  /** Why nobody can come in now; `undefined` where somebody can. */
  #full(isReady: boolean): Rejection | undefined {
    const { maxConnections, maxPendingHandshakes } = this.#context.options;
    const { open, pending } = this.#books;
    if (this.#draining.signal.aborted) return new Rejection(503, "shutting down");
    if (!isReady) return new Rejection(503, "starting", retryLater);
    if (pending >= maxPendingHandshakes) return new Rejection(503, "too many pending handshakes", retryLater);
    if (open + pending >= maxConnections) return new Rejection(503, "too many connections", retryLater);
    return undefined;
  }

  #reject(pending: PendingSocket, { status, reason, headers }: Rejection): void {
    this.#refused.enter(pending, 1);
    pending.socket.once("close", () => this.#refused.leave(pending));
    pending.refuse(status, headers);
    this.#context.options.logger.debug("handshake refused", { status, reason });
    publish("ws.server.handshake.rejected", { status, reason });
  }

  #connect(
    request: IncomingMessage,
    pending: PendingSocket,
    head: RequestHead,
    offers: readonly string[],
  ): void {
    const { options, proxies, state } = this.#context;
    const id = nextId();
    const disconnect = new Disconnect();
    const farEnd = proxies.read(peerOf(request.socket), head.headers);
    const extensions = webSocketExtensions(id, disconnect, this.#draining);
    const { rootPath } = options;
    const scope = webSocketScope({ request, head, farEnd, rootPath, state, extensions }, offers);
    const transport = new WsTransport({ upgrader: this.#upgrader, request, pending });
    const record = new ConnectionRecord(id, scope, disconnect, this.#books);
    const session = new Session({
      transport,
      clock,
      alarms: this.#alarms,
      limits: options,
      subprotocols: offers,
      listener: record,
    });
    transport.listener = session;
    take(pending.socket, session);
    record.enter(session);
    this.#serve(scope, session, record);
  }

  /** Not an async function: what that holds while the application runs, it would hold for every connection. */
  #serve(scope: WebSocketScope, session: Session, record: ConnectionRecord): void {
    const run = attempt(() => this.#context.application(scope, session.receive, session.send));
    run.then(
      () => {
        this.#returned(session, record);
        record.returned();
      },
      (error: unknown) => {
        this.#threw(error, scope, session, record);
        record.returned();
      },
    );
  }

  #returned(session: Session, { id }: ConnectionRecord): void {
    if (session.end === undefined && session.state !== "connected") {
      this.#context.options.logger.warn("the application returned before it answered the handshake", { id });
    }
    session.shut({ status: 403, code: CloseCode.NormalClosure, initiator: "application" });
  }

  #threw(error: unknown, scope: WebSocketScope, session: Session, { id }: ConnectionRecord): void {
    // A connection that ended is nobody's fault.
    const isEnd = error instanceof ConnectionClosed && session.end !== undefined;
    if (!isEnd) this.#context.failed(id, scope, error);
    // Thrown where it should have been awaited; its own failure must not end the process.
    if (error instanceof Promise) error.catch(() => {});
    session.shut({ status: 500, code: CloseCode.InternalError, initiator: "application" });
  }
}

/** What `work` gives; a throw of its own as a rejection. */
function attempt(work: () => Promise<void>): Promise<void> {
  try {
    return Promise.resolve(work());
  } catch (error) {
    return Promise.reject(error);
  }
}
