import {
  type ApplicationState,
  CloseCode,
  type CloseInfo,
  lostConnection,
  nextState,
  PreparedEvent,
  ProtocolError,
  type Receive,
  type Send,
  type SendEvent,
  sendEventProblem,
  sendTransitions,
  type WebSocketAcceptEvent,
} from "@ws/events";
import type { Alarms, Reminder } from "./alarm.js";
import type { Clock } from "./clock.js";
import { End } from "./end.js";
import type { PauseOwner } from "./inbound.js";
import { Inbox } from "./inbox.js";
import type { Limits } from "./options.js";
import { OutboundGate } from "./outbound.js";
import { Pause } from "./pause.js";
import type { SessionListener, SessionParts, Shutting } from "./session-parts.js";
import type { Transport, TransportListener } from "./transport.js";
import { Vigil, type VigilOwner } from "./vigil.js";

/** How long a peer that was given up may still take its close frame, in ms. */
const lastWord = 1_000;
const done: Promise<void> = Promise.resolve();

/**
 * One WebSocket connection between the application and a transport: lifecycle, queues, flow. Knows no socket and no
 * timer of its own.
 */
export class Session implements TransportListener, PauseOwner, VigilOwner {
  readonly receive: Receive;
  readonly #transport: Transport;
  readonly #clock: Clock;
  readonly #alarms: Alarms;
  readonly #limits: Limits;
  readonly #subprotocols: readonly string[];
  readonly #listener: SessionListener;
  readonly #inbox: Inbox;
  /** Made when a send first waits, and when the peer is first stopped: few connections ever need them. */
  #gate: OutboundGate | undefined;
  #pause: Pause | undefined;
  #vigil: Vigil | undefined;
  #state: ApplicationState = "connecting";
  #end: End | undefined;
  #isSettled = false;
  /** The accept time-out first, the close time-out last. */
  #patience: Reminder | undefined;

  constructor({ transport, clock, alarms, limits, subprotocols, listener }: SessionParts) {
    this.#transport = transport;
    this.#clock = clock;
    this.#alarms = alarms;
    this.#limits = limits;
    this.#subprotocols = subprotocols;
    this.#listener = listener;
    this.#inbox = new Inbox(clock, limits.receiveQueue, this);
    this.receive = this.#inbox.receive;
    this.#patience = alarms.remind(this, limits.acceptTimeout);
  }

  /** Where the application stands. */
  get state(): ApplicationState {
    return this.#state;
  }

  /** How the connection ended; `undefined` while it hasn't. */
  get end(): End | undefined {
    return this.#end;
  }

  /** The application's `send`. */
  readonly send: Send = (event) => {
    // A prepared event was checked when it was prepared.
    const problem = event instanceof PreparedEvent ? undefined : sendEventProblem(event);
    if (problem !== undefined) return Promise.reject(new ProtocolError("ERR_WS_EVENT_INVALID", problem));
    // A close that comes late is no mistake; anything else can't be sent any more.
    if (this.#end !== undefined) return event.type === "websocket.close" ? done : this.#end.reject();
    try {
      const next = nextState<ApplicationState>(sendTransitions, this.#state, event);
      return this.#take(event, next);
    } catch (error) {
      return Promise.reject(error);
    }
  };

  /**
   * Ends the connection in the application's place: before accept with an HTTP status, after it with a close frame.
   * A denial that is under way is cut off.
   */
  shut({ status, code, initiator }: Shutting): void {
    if (this.#end !== undefined) return;
    const wasClean = this.#state === "connected";
    if (this.#state === "connecting") this.#transport.refuse(status, []);
    else if (wasClean) this.#transport.close(code, "");
    else this.#transport.terminate();
    const told = wasClean || initiator === "server" ? code : CloseCode.AbnormalClosure;
    this.#finish({ code: told, reason: "", wasClean, initiator }, initiator === "application");
  }

  /** The grace is over. */
  terminate(): void {
    this.#transport.terminate();
  }

  message(data: Buffer, isText: boolean): void {
    this.#inbox.message(data, isText);
  }

  drained(): void {
    if (!this.#gate?.isWaiting) return;
    if (this.#transport.buffered <= this.#limits.sendBuffer) this.#gate.open();
    else this.#transport.awaitDrain();
  }

  ended(info: CloseInfo): void {
    if (this.#end === undefined) this.#finish(info, false);
  }

  released(): void {
    this.#alarms.clear(this.#patience);
    this.#listener.released();
  }

  /** The application doesn't keep up with the peer, or does again. */
  setPaused(paused: boolean): void {
    this.#pause ??= new Pause(this.#clock, this.#transport, this.#limits.receiveTimeout, () =>
      this.giveUp(CloseCode.PolicyViolation, "receive timeout"),
    );
    this.#pause.set(paused);
  }

  /** The peer neither reads nor answers: says why, as far as that still gets out, and ends it within a second. */
  giveUp(code: number, reason: string): void {
    if (this.#state === "connected") this.#transport.close(code, reason);
    else this.#transport.terminate();
    this.#finish({ ...lostConnection, reason, initiator: "server" }, false, lastWord);
  }

  /** Patience is over. */
  rang(): void {
    if (this.#end === undefined) this.#neverAccepted();
    else this.#transport.terminate();
  }

  /** Does what a legal event says; the state changes once it is done. */
  #take(event: SendEvent, next: ApplicationState): Promise<void> {
    switch (event.type) {
      case "websocket.send":
        this.#transport.send(event);
        return this.#keepingUp();
      case "websocket.accept":
        this.#accept(event);
        break;
      case "websocket.http.response.start":
        this.#transport.respond(event.status, event.headers ?? []);
        break;
      case "websocket.http.response.body":
        // A copy: it is written when the kernel has room, and the application may have changed its own by then.
        this.#transport.respondBody(new Uint8Array(event.body ?? []), next === "denying");
        if (next === "denying") return this.#keepingUp();
        this.#finish({ ...lostConnection, initiator: "application" }, true);
        break;
      case "websocket.close":
        this.#close(event.code ?? CloseCode.NormalClosure, event.reason ?? "");
        break;
    }
    this.#state = next;
    return done;
  }

  /** Resolves at once while the peer reads as fast as we send, else when it has caught up. */
  #keepingUp(): Promise<void> {
    const held = this.#transport.buffered;
    if (held <= this.#limits.sendBuffer) return done;
    this.#transport.awaitDrain();
    const { sendTimeout, sendBuffer } = this.#limits;
    this.#gate ??= new OutboundGate(this.#clock, sendTimeout, sendBuffer, () =>
      this.giveUp(CloseCode.TryAgainLater, "slow consumer"),
    );
    return this.#gate.wait(held);
  }

  #accept({ subprotocol, headers = [] }: WebSocketAcceptEvent): void {
    if (subprotocol !== undefined && !this.#subprotocols.includes(subprotocol)) {
      // The offers are not named: a page's script has no other place for its token.
      throw new ProtocolError(
        "ERR_WS_EVENT_INVALID",
        `websocket.accept: expected one of the ${this.#subprotocols.length} subprotocols that the client offered,` +
          ` got ${subprotocol.slice(0, 64)}`,
      );
    }
    if (!this.#transport.accept(subprotocol, headers)) {
      const { error } = this.#finish(lostConnection, false);
      throw error;
    }
    this.#settle();
    this.#vigil = new Vigil(this.#clock, this.#alarms, this.#transport, this.#inbox, this.#limits, this);
    this.#listener.opened();
  }

  /** The application closes. Before accept that refuses the handshake. */
  #close(code: number, reason: string): void {
    if (this.#state === "connecting") {
      this.#transport.refuse(403, []);
      this.#finish({ ...lostConnection, initiator: "application" }, true);
    } else {
      this.#transport.close(code, reason);
      this.#finish({ code, reason, wasClean: true, initiator: "application" }, true);
    }
  }

  #neverAccepted(): void {
    const reason = "accept timeout";
    if (this.#state === "connecting") this.#transport.refuse(503, []);
    else this.#transport.terminate();
    this.#finish({ ...lostConnection, reason, initiator: "server" }, true);
  }

  /** The handshake is answered. */
  #settle(): void {
    if (this.#isSettled) return;
    this.#isSettled = true;
    this.#alarms.clear(this.#patience);
    this.#patience = undefined;
    this.#listener.settled();
  }

  /** The one place in which a connection ends, for whatever reason. */
  #finish(info: CloseInfo, drop: boolean, patience: number = this.#limits.closeTimeout): End {
    const end = new End(info);
    this.#end = end;
    this.#settle();
    this.#state = "disconnected";
    this.#vigil?.stop();
    this.#patience = this.#alarms.remind(this, patience);
    if (this.#gate?.isWaiting) this.#gate.fail(end.error);
    this.#listener.ended(end);
    this.#inbox.end(info.code, info.reason, drop);
    return end;
  }
}
