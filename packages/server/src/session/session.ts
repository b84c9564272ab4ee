import {
  type ApplicationState,
  CloseCode,
  type CloseInfo,
  isPrepared,
  lostConnection,
  nextState,
  ProtocolError,
  type Receive,
  type Send,
  type SendEvent,
  sendEventProblem,
  sendTransitions,
  sentAtOnce,
  trackedRejection,
  trackPromise,
  type WebSocketAcceptEvent,
} from "@ws/events";
import { CloseState } from "./close-state.js";
import { type Ending, endings } from "./endings.js";
import { type BreachOwner, LateBreach } from "./late-breach.js";
import type { Limits } from "./limits.js";
import { checkSubprotocol } from "./offered-subprotocol.js";
import { Pause } from "./pause.js";
import { PeerMonitor, type PeerMonitorOwner } from "./peer-monitor.js";
import { EventQueue } from "./queue/event-queue.js";
import type { PauseOwner } from "./queue/receive-queue.js";
import { SendGate } from "./send-gate.js";
import type { SessionListener, SessionParts } from "./session-parts.js";
import type { Clock } from "./timing/clock.js";
import type { CallbackTimer, TimerQueue } from "./timing/timer-queue.js";
import type { Handshake, OpenSocket, TransportListener } from "./transport.js";

/**
 * One WebSocket connection between the application and a transport: its states, its queues and its flow control. It knows
 * neither sockets nor timers; these are given to it.
 */
export class Session implements TransportListener, PauseOwner, PeerMonitorOwner, BreachOwner {
  readonly receive: Receive;
  /** It is dropped when the socket is open, because the open phase usually lasts far longer. */
  #handshake: Handshake | undefined;
  #socket: OpenSocket | undefined;
  readonly #clock: Clock;
  readonly #timers: TimerQueue;
  readonly #limits: Limits;
  readonly #subprotocols: readonly string[];
  readonly #listener: SessionListener;
  readonly #queue: EventQueue;
  /**
   * Both are made when they are first needed: the gate when a send has to wait, the pause when the peer has to be stopped.
   * Most connections never need them.
   */
  #gate: SendGate | undefined;
  #pause: Pause | undefined;
  #monitor: PeerMonitor | undefined;
  #state: ApplicationState = "connecting";
  #closeState: CloseState | undefined;
  #isSettled = false;
  #breach: LateBreach | undefined;
  /** The accept timeout, and later the close timeout. */
  #timeout: CallbackTimer | undefined;

  constructor({ handshake, clock, timers, limits, subprotocols, listener }: SessionParts) {
    this.#handshake = handshake;
    this.#clock = clock;
    this.#timers = timers;
    this.#limits = limits;
    this.#subprotocols = subprotocols;
    this.#listener = listener;
    this.#queue = new EventQueue(clock, limits.receiveQueue, this);
    this.receive = this.#queue.receive;
    this.#timeout = timers.start(this, limits.acceptTimeout);
    handshake.listen(this);
  }

  /** The state of the application's side. */
  get state(): ApplicationState {
    return this.#state;
  }

  /** How the connection ended; `undefined` while it hasn't. */
  get closeState(): CloseState | undefined {
    return this.#closeState;
  }

  /** The application's `send`. */
  readonly send: Send = (event) => {
    // A prepared event was checked when it was prepared.
    const problem = isPrepared(event) ? undefined : sendEventProblem(event);
    if (problem !== undefined) return this.#reject(new ProtocolError("ERR_WS_EVENT_INVALID", problem));
    // A close that comes too late is no mistake; anything else can no longer be sent.
    if (this.#closeState !== undefined) {
      return event.type === "websocket.close" ? sentAtOnce : this.#reject(this.#closeState.error);
    }
    try {
      const next = nextState<ApplicationState>(sendTransitions, this.#state, event);
      return this.#take(event, next);
    } catch (error) {
      return this.#reject(error);
    }
  };

  /**
   * Ends the connection: with an HTTP status before accept, with a close frame after it. A denial response that has begun is
   * cut off.
   */
  end({ status, code, reason, initiator, isLost, grace }: Ending): void {
    if (this.#closeState !== undefined) return;
    const isOpen = this.#state === "connected";
    if (this.#state === "connecting") this.#handshake?.refuse(status, []);
    else if (isOpen && code !== CloseCode.AbnormalClosure) this.#socket?.close(code, reason);
    else this.terminate();
    const told = isOpen || initiator === "server" ? code : CloseCode.AbnormalClosure;
    const info: CloseInfo = isLost
      ? { ...lostConnection, reason, initiator }
      : { code: told, reason: isOpen ? reason : "", wasClean: isOpen, initiator };
    // The messages that the peer sent before it failed are still given to the application.
    this.#finish(info, initiator === "application" || !isOpen, grace);
  }

  /** Destroys the socket. */
  terminate(): void {
    (this.#socket ?? this.#handshake)?.terminate();
  }

  text(text: string, bytes: number): void {
    this.#queue.text(text, bytes);
  }

  binary(bytes: Uint8Array): void {
    this.#queue.binary(bytes);
  }

  drained(): void {
    if (!this.#gate?.isWaiting) return;
    if (this.#buffered <= this.#limits.sendBuffer) this.#gate.open();
    else this.#socket?.awaitDrain();
  }

  breached(code: number, reason: string): void {
    this.#breach ??= new LateBreach(this.#clock, this.#queue, this, () => {
      this.#socket?.close(code, "");
      if (this.#closeState === undefined)
        this.#finish({ ...lostConnection, reason, initiator: "server" }, false);
    });
  }

  ended(info: CloseInfo): void {
    this.#breach?.conclude();
    if (this.#closeState === undefined) this.#finish(info, false);
  }

  released(): void {
    this.#timers.clear(this.#timeout);
    this.#listener.released();
  }

  /** The queue is full, or has room again: the peer is paused or resumed. */
  setPaused(paused: boolean): void {
    this.#pause ??= new Pause(this.#clock, this.#socket as OpenSocket, this.#limits.receiveTimeout, () =>
      this.end(endings.receiveTimeout),
    );
    this.#pause.set(paused);
  }

  /** The accept timeout or the close timeout fired. */
  onTimeout(): void {
    if (this.#closeState === undefined) this.end(endings.acceptTimeout);
    else this.terminate();
  }

  /** Carries out a legal event; the state changes once that is done. */
  #take(event: SendEvent, next: ApplicationState): Promise<void> {
    switch (event.type) {
      case "websocket.send":
        this.#socket?.send(event);
        return this.#keepingUp();
      case "websocket.accept":
        this.#accept(event);
        break;
      case "websocket.http.response.start":
        this.#handshake?.respond(event.status, event.headers ?? []);
        break;
      case "websocket.http.response.body":
        // The body is copied, because it is written when the kernel has room, and the application may have changed its own
        // bytes by then.
        this.#handshake?.respondBody(new Uint8Array(event.body ?? []), next === "denying");
        if (next === "denying") return this.#keepingUp();
        this.#finish({ ...lostConnection, initiator: "application" }, true);
        break;
      case "websocket.close": {
        // Before accept, a close refuses the handshake.
        const { code = CloseCode.NormalClosure, reason = "" } = event;
        this.end({ ...endings.returned, code, reason });
        break;
      }
    }
    this.#state = next;
    return sentAtOnce;
  }

  /** Resolves at once while the peer reads as fast as we send, otherwise when it has caught up. */
  #keepingUp(): Promise<void> {
    const held = this.#buffered;
    if (held <= this.#limits.sendBuffer) return sentAtOnce;
    this.#socket?.awaitDrain();
    const { sendTimeout, sendBuffer } = this.#limits;
    this.#gate ??= new SendGate(this.#clock, sendTimeout, sendBuffer, () => this.end(endings.slowConsumer));
    return trackPromise(this.#gate.wait(held), "send", this.#listener.onFailedCall);
  }

  /** Bytes that the kernel has not taken. */
  get #buffered(): number {
    return (this.#socket ?? (this.#handshake as Handshake)).buffered;
  }

  /** Nobody has to await a send, so the listener decides what becomes of its rejection. */
  #reject(error: unknown): Promise<never> {
    return trackedRejection(error, "send", this.#listener.onFailedCall);
  }

  #accept({ subprotocol, headers = [] }: WebSocketAcceptEvent): void {
    checkSubprotocol(subprotocol, this.#subprotocols);
    const socket = this.#handshake?.accept(subprotocol, headers);
    if (socket === undefined) throw this.#finish(lostConnection, false).error;
    this.#handshake = undefined;
    this.#socket = socket;
    this.#settle();
    this.#monitor = new PeerMonitor(this.#clock, this.#timers, socket, this.#queue, this.#limits, this);
    this.#listener.opened();
  }

  /** The handshake has been answered: the accept timeout ends, and the listener is told once. */
  #settle(): void {
    if (this.#isSettled) return;
    this.#isSettled = true;
    this.#timers.clear(this.#timeout);
    this.#timeout = undefined;
    this.#listener.settled();
  }

  /** Every connection ends here, whatever the reason. */
  #finish(info: CloseInfo, drop: boolean, timeout: number = this.#limits.closeTimeout): CloseState {
    const end = new CloseState(info);
    this.#closeState = end;
    this.#settle();
    this.#state = "disconnected";
    this.#monitor?.stop();
    this.#timeout = this.#timers.start(this, timeout);
    if (this.#gate?.isWaiting) this.#gate.fail(end.error);
    this.#listener.ended(end);
    this.#queue.end(info.code, info.reason, drop);
    return end;
  }
}
