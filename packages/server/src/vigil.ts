import { CloseCode } from "@ws/events";
import type { Alarms } from "./alarm.js";
import type { Clock } from "./clock.js";
import type { Inbox } from "./inbox.js";
import { KeepAlive, type Pulse } from "./keep-alive.js";
import { type Intake, MessageDeadline } from "./message-deadline.js";
import type { Limits } from "./options.js";
import type { Transport } from "./transport.js";

/** Who ends a connection whose peer fails. */
export interface VigilOwner {
  giveUp(code: number, reason: string): void;
}

/** Watches over an open connection: whether its peer lives, and finishes the messages that it begins. */
export class Vigil implements Pulse, Intake {
  readonly #transport: Transport;
  readonly #inbox: Inbox;
  readonly #owner: VigilOwner;
  readonly #keepAlive: KeepAlive;
  readonly #messageDeadline: MessageDeadline;

  constructor(
    clock: Clock,
    alarms: Alarms,
    transport: Transport,
    inbox: Inbox,
    { pingInterval, pingTimeout, messageTimeout }: Limits,
    owner: VigilOwner,
  ) {
    this.#transport = transport;
    this.#inbox = inbox;
    this.#owner = owner;
    this.#keepAlive = new KeepAlive(clock, alarms, this, pingInterval, pingTimeout);
    this.#messageDeadline = new MessageDeadline(clock, alarms, this, messageTimeout);
  }

  stop(): void {
    this.#keepAlive.stop();
    this.#messageDeadline.stop();
  }

  get received(): number {
    return this.#transport.received;
  }

  get messages(): number {
    return this.#transport.messages;
  }

  get messageBytes(): number {
    return this.#transport.messageBytes;
  }

  /** Whether the application stopped reading. */
  get paused(): boolean {
    return this.#inbox.paused;
  }

  ping(): void {
    this.#transport.ping();
  }

  probe(): void {
    this.#transport.probe();
  }

  died(): void {
    this.#owner.giveUp(CloseCode.InternalError, "keepalive timeout");
  }

  late(): void {
    this.#owner.giveUp(CloseCode.PolicyViolation, "message timeout");
  }
}
