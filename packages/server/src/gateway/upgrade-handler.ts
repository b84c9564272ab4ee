import type { Duplex } from "node:stream";
import type { Admitted } from "../http/request/admission.js";
import { readHandshake } from "../http/request/handshake.js";
import type { ReceivedRequest } from "../http/request/received-request.js";
import { Rejection } from "../http/request/rejection.js";
import { webSocketScope } from "../http/request/scope.js";
import { systemClock } from "../platform/system-clock.js";
import { endings } from "../session/endings.js";
import { Session } from "../session/session.js";
import type { Clock } from "../session/timing/clock.js";
import { TimerQueue } from "../session/timing/timer-queue.js";
import type { Handshake } from "../session/transport.js";
import { AdoptedTransport, closeInPlaceOf, type OpenWebSocket } from "../socket/adopted-transport.js";
import { PendingSocket } from "../socket/pending-socket.js";
import { SocketHandshake } from "../socket/socket-handshake.js";
import { type SocketSettings, socketSettings } from "../socket/socket-settings.js";
import { ApplicationCall } from "./application-call.js";
import { ConnectionDrain } from "./connection-drain.js";
import { ConnectionRegistry, type ServerConnection } from "./connection-registry.js";
import { type Context, nextId } from "./context.js";
import { Disconnect, Draining, webSocketExtensions } from "./extensions.js";
import { OriginGuard } from "./origin-guard.js";
import { RefCountedSet } from "./ref-counted-set.js";
import { RegisteredConnection } from "./registered-connection.js";
import { awaitResponses, hasResponsesDue } from "./upgrade/pipeline.js";
import { take, taken } from "./upgrade/taken-sockets.js";

const clock: Clock = systemClock;
const retryLater = [["retry-after", "1"]] as const;

/** Takes upgrades: it refuses them, or calls the application with a session and keeps track of the session until it ends. */
export class UpgradeHandler {
  readonly #context: Context;
  readonly #origins: OriginGuard;
  readonly #settings: SocketSettings;
  readonly #registry: ConnectionRegistry;
  readonly #timers: TimerQueue = new TimerQueue(clock);
  /**
   * Sockets without a session: those that were refused and are not closed yet, and those that wait for earlier responses.
   */
  readonly #unanswered: RefCountedSet<PendingSocket> = new RefCountedSet();
  /** Aborted when the server begins to shut down. */
  readonly #draining: AbortSignal;

  constructor(context: Context, draining: AbortSignal) {
    this.#context = context;
    this.#registry = new ConnectionRegistry(clock, context.options);
    this.#origins = new OriginGuard(context.options);
    this.#settings = socketSettings(context.options);
    this.#draining = draining;
  }

  /** How many connections are open. */
  get open(): number {
    return this.#registry.open;
  }

  /** How many connections have a socket or an application that has not ended. */
  get size(): number {
    return this.#registry.connections.size;
  }

  /** Resolves when all sockets are closed and all of their applications have ended. */
  async empty(): Promise<void> {
    await this.#registry.connections.empty();
    await this.#unanswered.empty();
  }

  /** Takes a socket whose request asks for a WebSocket. `isReady` says whether the application can be called yet. */
  take(request: ReceivedRequest, socket: Duplex, head: Buffer, isReady: boolean): void {
    if (taken.has(socket)) return this.#contest(taken.get(socket));
    const pending = this.#pend(socket, head);
    const admitted = this.#context.admission.read(request);
    if (admitted instanceof Rejection) return this.#reject(pending, admitted);
    const offers = readHandshake(admitted.head, request.httpVersion);
    if (offers instanceof Rejection) return this.#reject(pending, offers);
    const full = this.#full(isReady);
    if (full !== undefined) return this.#reject(pending, full);
    this.#connect(request, pending, admitted, offers);
  }

  /**
   * Takes a socket whose handshake a server of `ws` has answered. A client that we would have refused is closed at once,
   * with a close code in place of the status.
   */
  adopt(request: ReceivedRequest, webSocket: OpenWebSocket, isReady: boolean): void {
    const { options, admission } = this.#context;
    const admitted = admission.read(request);
    const refusal = admitted instanceof Rejection ? admitted : this.#full(isReady);
    const handshake = new AdoptedTransport(webSocket, request.socket, () => {
      options.logger.warn("the headers of an accept can't be sent: ws has answered the handshake");
    });
    const offers = webSocket.protocol === "" ? [] : [webSocket.protocol];
    const session = refusal ?? this.#call(request, admitted as Admitted, offers, handshake, false);
    if (!(session instanceof Rejection)) return;
    closeInPlaceOf(session.status, webSocket);
    // The session that would bound this close does not exist, so the close has a timer of its own.
    const timer = clock.setTimeout(() => webSocket.terminate(), options.closeTimeout);
    webSocket.on("close", () => clock.clearTimeout(timer));
    webSocket.on("error", () => {});
    this.#context.handshakeRefused(session);
  }

  /** Answers a socket that no application wants. A socket that somebody has already taken is left alone. */
  refuse(socket: Duplex, head: Buffer, rejection: Rejection): void {
    if (taken.has(socket)) return;
    this.#reject(this.#pend(socket, head), rejection);
  }

  /**
   * Calls `go`, with the bytes that came early, when the responses to all earlier requests on a socket are complete. The
   * client gets 400 where that takes longer than `acceptTimeout`.
   */
  inTurn(request: ReceivedRequest, socket: Duplex, head: Buffer, go: (early: Buffer) => void): void {
    if (!hasResponsesDue(request.socket)) return go(head);
    const { acceptTimeout, closeTimeout } = this.#context.options;
    const pending = new PendingSocket(socket, head, clock, closeTimeout);
    this.#enter(pending);
    awaitResponses(request.socket, clock, acceptTimeout, (isInTime) => {
      const early = pending.take();
      if (early === undefined) return;
      if (isInTime) go(early);
      else this.refuse(socket, early, new Rejection(400, "upgrade behind a response that takes too long"));
      // It leaves only after `go`, because a shutdown that waits for both sets must not find both of them empty in between.
      this.#unanswered.leave(pending);
    });
  }

  /** Closes all connections, the open ones over `window` ms. It returns the function that closes at once what is left. */
  endAll(code: number, reason: string, window: number): () => void {
    const open: ServerConnection[] = [];
    const end = ({ session }: ServerConnection): void => session.end({ ...endings.shutdown, code, reason });
    for (const connection of this.#registry.connections) {
      if (connection.session.state === "connected") open.push(connection);
      else end(connection);
    }
    const drain = new ConnectionDrain(clock, open, window, end);
    return () => drain.finish();
  }

  /** Destroys everything at the end of a shutdown's grace. */
  cutOff(): void {
    for (const { session } of this.#registry.connections) session.terminate();
    for (const pending of this.#unanswered) pending.socket.destroy();
  }

  /** Two applications would write to the same socket. Neither of them gets it, so that the mistake shows at once. */
  #contest(session: Session | undefined): void {
    this.#context.options.logger.error("two listeners took one upgrade: give each its own paths");
    session?.end(endings.contested);
  }

  #pend(socket: Duplex, head: Buffer): PendingSocket {
    take(socket, undefined);
    return new PendingSocket(socket, head, clock, this.#context.options.closeTimeout);
  }

  #enter(pending: PendingSocket): void {
    this.#unanswered.enter(pending, 1);
    pending.socket.once("close", () => this.#unanswered.leave(pending));
  }

  /** Why no handshake can be accepted now; `undefined` where one can. */
  #full(isReady: boolean): Rejection | undefined {
    const { maxConnections, maxPendingHandshakes } = this.#context.options;
    const { open, pending } = this.#registry;
    if (this.#draining.aborted) return new Rejection(503, "shutting down");
    if (!isReady) return new Rejection(503, "starting", retryLater);
    if (pending >= maxPendingHandshakes) return new Rejection(503, "too many pending handshakes", retryLater);
    if (open + pending >= maxConnections) return new Rejection(503, "too many connections", retryLater);
    return undefined;
  }

  #reject(pending: PendingSocket, rejection: Rejection): void {
    this.#enter(pending);
    pending.refuse(rejection.status, rejection.headers);
    this.#context.handshakeRefused(rejection);
  }

  #connect(
    request: ReceivedRequest,
    pending: PendingSocket,
    admitted: Admitted,
    offers: readonly string[],
  ): void {
    const handshake = new SocketHandshake(pending, admitted.head.headers, this.#settings);
    const session = this.#call(request, admitted, offers, handshake);
    if (session instanceof Rejection) this.#reject(pending, session);
    else take(pending.socket, session);
  }

  /** Calls the application for a handshake, unless its origin is refused. */
  #call(
    request: ReceivedRequest,
    admitted: Admitted,
    offers: readonly string[],
    handshake: Handshake,
    canDeny?: boolean,
  ): Session | Rejection {
    const { options, state } = this.#context;
    const id = nextId();
    const disconnect = new Disconnect();
    const draining = new Draining(this.#draining);
    const record = new RegisteredConnection(id, { disconnect, draining }, this.#registry);
    const { onFailedCall, logError } = record;
    const extensions = webSocketExtensions({ id, onFailedCall, logError }, disconnect, draining, canDeny);
    const { head, peer } = admitted;
    const { rootPath } = options;
    const scope = webSocketScope({ request, head, peer, rootPath, state, extensions }, offers);
    const verdict = this.#origins.check(scope, peer);
    if (verdict instanceof Rejection) return verdict;
    record.begin(scope);
    const session = new Session({
      handshake,
      clock,
      timers: this.#timers,
      limits: options,
      subprotocols: offers,
      listener: record,
    });
    record.enter(session);
    new ApplicationCall(this.#context, scope, session, record).start(verdict);
    return session;
  }
}
