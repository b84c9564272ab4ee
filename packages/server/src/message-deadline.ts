import { Alarm, type Alarms } from "./alarm.js";
import type { Clock } from "./clock.js";

/** How often it is looked in one time-out: a message ages out at most a quarter late, and never early. */
const looks = 4;

/** A look that comes this late (ms) tells of our own stall, not of the peer. */
const stall = 1_000;

/** What the deadline asks of a connection. */
export interface Intake {
  /** How many whole messages came. */
  readonly messages: number;
  /** Bytes that came and were no control frame. */
  readonly messageBytes: number;
  /** Whether we ourselves stopped reading. */
  readonly paused: boolean;
  /** A message took longer than it may. */
  late(): void;
}

/**
 * Bounds how long one message may take, from its first byte to its last. Looks at two counters now and then, so that
 * a message costs nothing: bytes that came without a whole message belong to one that is not finished.
 *
 * Bytes that came in the same quarter as a whole message can't be told from its own: what is left unfinished there
 * is found by the next byte of it. A peer that sends none is the keep-alive's to find.
 */
export class MessageDeadline extends Alarm {
  readonly #clock: Clock;
  readonly #alarms: Alarms;
  readonly #intake: Intake;
  readonly #interval: number;
  #messages = 0;
  /** How many bytes belong to whole messages, as far as is known. */
  #whole = 0;
  /** For how many looks there have been bytes of a message that isn't whole. */
  #age = 0;

  /** A `timeout` of 0 ms is none. */
  constructor(clock: Clock, alarms: Alarms, intake: Intake, timeout: number) {
    super();
    this.#clock = clock;
    this.#alarms = alarms;
    this.#intake = intake;
    this.#interval = timeout / looks;
    if (timeout > 0) alarms.set(this, this.#interval);
  }

  stop(): void {
    this.#alarms.clear(this);
  }

  /** Looks. */
  ring(): void {
    const isOnTime = this.#clock.now() - this.due <= stall;
    this.#alarms.set(this, this.#interval);
    this.#grow(isOnTime);
    if (this.#age <= looks) return;
    this.stop();
    this.#intake.late();
  }

  /** The first look that finds the message makes it 1 old, later ones older, but for those after a stall. */
  #grow(isOnTime: boolean): void {
    const { messages, messageBytes, paused } = this.#intake;
    if (messages !== this.#messages || messageBytes <= this.#whole) {
      this.#messages = messages;
      this.#whole = messageBytes;
      this.#age = 0;
    } else if (paused) this.#age = 0;
    else if (this.#age === 0 || isOnTime) this.#age += 1;
  }
}
