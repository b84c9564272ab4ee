import { type Ending, endings } from "./endings.js";
import type { Limits } from "./limits.js";
import type { EventQueue } from "./queue/event-queue.js";
import type { Clock } from "./timing/clock.js";
import { KeepAlive, type Pulse } from "./timing/keep-alive.js";
import { type Intake, MessageDeadline } from "./timing/message-deadline.js";
import type { TimerQueue } from "./timing/timer-queue.js";
import type { OpenSocket } from "./transport.js";

/** Ends the connection when its peer fails. */
export interface PeerMonitorOwner {
  end(ending: Ending): void;
}

/** Monitors the peer of an open connection: that it answers pings, and that it finishes the messages which it begins. */
export class PeerMonitor implements Pulse, Intake {
  readonly #socket: OpenSocket;
  readonly #queue: EventQueue;
  readonly #owner: PeerMonitorOwner;
  readonly #keepAlive: KeepAlive;
  readonly #messageDeadline: MessageDeadline;

  constructor(
    clock: Clock,
    timers: TimerQueue,
    socket: OpenSocket,
    queue: EventQueue,
    { pingInterval, pingTimeout, messageTimeout }: Limits,
    owner: PeerMonitorOwner,
  ) {
    this.#socket = socket;
    this.#queue = queue;
    this.#owner = owner;
    this.#keepAlive = new KeepAlive(clock, timers, this, pingInterval, pingTimeout);
    this.#messageDeadline = new MessageDeadline(clock, timers, this, messageTimeout);
  }

  stop(): void {
    this.#keepAlive.stop();
    this.#messageDeadline.stop();
  }

  get received(): number {
    return this.#socket.received;
  }

  get unfinished(): number {
    return this.#socket.unfinished;
  }

  /** Whether we have stopped reading from the peer because the application doesn't keep up. */
  get paused(): boolean {
    return this.#queue.paused;
  }

  ping(): void {
    this.#socket.ping();
  }

  probe(): void {
    this.#socket.probe();
  }

  died(): void {
    this.#owner.end(endings.keepAliveTimeout);
  }

  late(): void {
    this.#owner.end(endings.messageTimeout);
  }
}
